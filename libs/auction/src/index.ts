export { type BookOrder, compareInBook, membersOf, mostMembers, mostWh, type Side, sortBook } from './domain/book.js';
export { bookLeaves, decodeBook, encodeBook } from './domain/book-bytes.js';
export { clear } from './domain/clear.js';
export type { Clearing, ClearingRules, Outcome, PriceRule } from './domain/clearing.js';
export { clearingFlaw } from './domain/clearing-flaw.js';
export { decodeDelivered, type Delivered, encodeDelivered } from './domain/delivered-bytes.js';
export { entriesPerLeaf } from './domain/leaves.js';
export { decodeResult, encodeResult, resultLeaves } from './domain/result-bytes.js';
export type { Decoded, Malformed } from './domain/varints.js';
