export {
  type BookOrder,
  compareInBook,
  membersOf,
  mostMembers,
  mostWh,
  type Side,
  sortBook,
} from './domain/book/book.js';
export { bookLeaves, decodeBook, encodeBook } from './domain/book/book-bytes.js';
export type { Clearing, ClearingRules, Outcome, PriceRule } from './domain/book/clearing.js';
export { decodeDelivered, type Delivered, encodeDelivered } from './domain/book/delivered-bytes.js';
export { entriesPerLeaf } from './domain/book/leaves.js';
export { decodeResult, encodeResult, resultLeaves } from './domain/book/result-bytes.js';
export type { Decoded, Malformed } from './domain/book/varints.js';
export { clearingFlaw } from './domain/reference/clearing-flaw.js';
export { referenceClear } from './domain/reference/reference-clear.js';
