export { BadInput } from './domain/bad-input.js';
export { bookLeaves, decodeBook, encodeBook, readBook, writeBook, writeBookLeaves } from './domain/book/book-bytes.js';
export {
  type BookOrder,
  compareInBook,
  membersOf,
  mostMembers,
  mostOrders,
  mostTicks,
  mostWh,
  type Side,
  sortBook,
} from './domain/book/book.js';
export { type CertifiedClearing, readCertificate, writeCertificate } from './domain/book/certificate-bytes.js';
export { checkedRules } from './domain/book/checked-rules.js';
export type { Clearing, ClearingRules, Outcome, PriceRule } from './domain/book/clearing.js';
export {
  type BookColumns,
  type ClearingColumns,
  columnsOf,
  limitOf,
  ordersOf,
  sideOf,
  tickOf,
} from './domain/book/columns.js';
export {
  decodeDelivered,
  type Delivered,
  type DeliveredColumns,
  encodeDelivered,
  readDelivered,
  writeDelivered,
} from './domain/book/delivered-bytes.js';
export { entriesPerLeaf } from './domain/book/leaves.js';
export {
  decodeResult,
  encodeResult,
  readResult,
  type ResultColumns,
  resultLeaves,
  writeResult,
  writeResultLeaves,
} from './domain/book/result-bytes.js';
export type { Decoded, Malformed } from './domain/book/varints.js';
export { clearSession } from './domain/combinatorial/clear-session.js';
export type {
  BlockOrder,
  BlockPart,
  CurveOrder,
  CurveStep,
  DeferrableOrder,
  IntervalClearing,
  RichFill,
  RichOrder,
  Session,
  SessionClearing,
  SessionInterval,
  SessionRules,
  StoragePair,
} from './domain/combinatorial/session.js';
export { verifySession } from './domain/combinatorial/verify-session.js';
export { explainNodalOrder, type NodalExplanation, type NodalPriceEnd } from './domain/explain/explain-nodal-order.js';
export {
  explainOrder,
  type OrderExplanation,
  type PriceEnd,
  type PriceOrigin,
} from './domain/explain/explain-order.js';
export type { OddWh, Share } from './domain/explain/explain-share.js';
export type { Border, Step } from './domain/explain/price-ways.js';
export type { Kernel, KernelKind } from './domain/kernels/kernel.js';
export { openKernel } from './domain/kernels/thread-kernel.js';
export { greenAuction, type GreenClearing, type GreenWish } from './domain/mechanisms/green-auction.js';
export type {
  Allocation,
  Feeder,
  Keeps,
  Market,
  Mechanism,
  MechanismRules,
  Policy,
  Takes,
} from './domain/mechanisms/mechanism.js';
export { mechanismNamed, mechanisms } from './domain/mechanisms/mechanisms.js';
export { split, type SplitRule } from './domain/mechanisms/split-rules.js';
export { readNetwork, writeNetwork } from './domain/nodal-bytes/network-bytes.js';
export {
  type NodalResult,
  readNodalResult,
  writeNodalResult,
  writeNodalResultLeaves,
} from './domain/nodal-bytes/nodal-result-bytes.js';
export { readPlaces, writePlaces } from './domain/nodal-bytes/places-bytes.js';
export { clearNodal } from './domain/nodal/clear-nodal.js';
export { type Line, type NamedNetwork, type Network, networkOf, unlimitedWh } from './domain/nodal/network.js';
export type { NodalBook, NodalClearing, NodalRules } from './domain/nodal/nodal-clearing.js';
export { nodalBound, nodalGap } from './domain/nodal/nodal-gap.js';
export { verifyNodal } from './domain/nodal/verify-nodal.js';
export type { Pairs } from './domain/pairing/pair-list.js';
export { pairLoaded } from './domain/pairing/pair-loaded.js';
export { pairTrades, type Whereabouts } from './domain/pairing/pair-trades.js';
export { clearingFlaw } from './domain/reference/clearing-flaw.js';
export { referenceClear } from './domain/reference/reference-clear.js';
export type { Checked, Refusal, RefusalCode } from './domain/refusal.js';
export { checkedBook, loadChecked } from './domain/uniform/checked-book.js';
export { clearLoaded, clearUniform } from './domain/uniform/clear-uniform.js';
export type { Indication } from './domain/uniform/depth.js';
export { type FrozenBook, LiveBook, type OrderHandle, type SlotClearing } from './domain/uniform/live-book.js';
export { pivotalOwners } from './domain/uniform/pivotal-owners.js';
export type { SplitThreshold, UniformCertificate } from './domain/uniform/uniform-certificate.js';
export { certifyUniform, judgeUniform, type Verdict, verifyUniform } from './domain/uniform/verify-uniform.js';
