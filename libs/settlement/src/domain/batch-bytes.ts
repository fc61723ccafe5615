import { ByteWriter } from '@kwartier/units';

/** Settle v1 (docs/formats.md): what the chain recomputes a run from. `previous` is empty in run 1. */
export const settleBytes = (book: Uint8Array, delivered: Uint8Array, previous: Uint8Array): Uint8Array =>
  new ByteWriter(book.length + delivered.length + previous.length + 16)
    .varint(book.length)
    .raw(book)
    .varint(delivered.length)
    .raw(delivered)
    .varint(previous.length)
    .raw(previous)
    .take();
