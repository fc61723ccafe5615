import { uniformAuction } from '../../../testing/uniform-suite.js';
import { referenceClear } from './reference-clear.js';

describe('the reference', () => {
  uniformAuction(referenceClear);
});
