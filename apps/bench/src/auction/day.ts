import { clearLoaded, openKernel } from '@kwartier/auction';
import { livelyBook } from './books.js';
import { interleave } from './interleave.js';
import { tell } from './tell.js';

// A day of one neighbourhood: 96 books of 1,000 orders, each put into the arena and cleared.
const orders = 1000;
const books = Array.from({ length: 96 }, (_, interval) => livelyBook(orders, interval));
const kernel = openKernel(orders);
const day = (): void => {
  for (const [tieStart, book] of books.entries()) {
    kernel.limit.set(book.limit);
    kernel.wh.set(book.wh);
    clearLoaded(kernel, orders, { priceRule: 'EQUILIBRIUM', tieStart });
  }
};
tell('day', books.length, interleave({ day }, 15));
