import { readBook, writeBook } from '@kwartier/auction';
import { livelyBook, ticks } from './books.js';
import { interleave } from './interleave.js';
import { agree, tell } from './tell.js';

// A frozen book as bytes and back.
const orders = Number(process.argv[2]);
const book = livelyBook(orders);
const bytes = writeBook(book);
const read = readBook(bytes, ticks);
agree(read.ok && [read.value.count, read.value.wh.at(-1)], [orders, book.wh.at(-1)]);
agree(read.ok && writeBook(read.value).every((byte, i) => byte === bytes[i]), true);
const readPass = (): number => {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 1) sum = (sum + bytes[i]!) | 0;
  return sum;
};
const times = interleave({ write: () => writeBook(book), read: () => readBook(bytes, ticks), readPass });
tell('bytes', orders, { ...times, length: bytes.length });
