import { hex, fromHex } from './bytes.js';
import { countedRoot, merklePath, merkleTreeHash, provesLeaf } from './merkle.js';
import { sha256 } from './sha256.js';

const bytes = (text: string): Uint8Array => fromHex(text)!;
// The inputs and tree hashes that implementations of RFC 6962 share as test vectors.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const treeHashes = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Uint8Array.of(i, count));

describe('a Merkle tree', () => {
  it.each(treeHashes.map((hash, size) => [size, hash] as const))(
    'of %d leaves has the hash of RFC 6962',
    (size, hash) => {
      expect(hex(merkleTreeHash(inputs.slice(0, size).map(bytes)))).toBe(hash);
    },
  );

  it('is bound to the number of its entries by its root', () => {
    const leaves = inputs.map(bytes);
    const spelled = `020000000000000200${treeHashes[8]}`;
    expect(countedRoot(512, leaves)).toEqual(sha256(bytes(spelled)));
    expect(countedRoot(511, leaves)).not.toEqual(countedRoot(512, leaves));
  });

  it('proves every leaf of every tree up to 70 leaves, and that leaf at that place only', () => {
    for (let size = 1; size <= 70; size++) {
      const leaves = leavesOf(size);
      const root = countedRoot(size, leaves);
      for (let index = 0; index < size; index++) {
        const path = merklePath(leaves, index);
        const proves = (place: number): boolean => provesLeaf(root, size, size, place, leaves[index]!, path);
        const places = [index - 2, index - 1, index, index + 1, index + 2, size - 1 - index];
        expect(places.filter(proves).every((place) => place === index) && proves(index)).toBe(true);
      }
    }
  });
});

describe('a proof', () => {
  const size = 13;
  const leaves = leavesOf(size);
  const root = countedRoot(size, leaves);
  const flipped = (whole: Uint8Array, at: number): Uint8Array =>
    whole.map((byte, i) => (i === at ? byte ^ 0x01 : byte));

  it.each([0, 6, 11, 12])('fails with any changed byte (leaf %d)', (index) => {
    const [leaf, path] = [leaves[index]!, merklePath(leaves, index)];
    expect(provesLeaf(root, size, size, index, leaf, path)).toBe(true);
    root.forEach((_, at) => expect(provesLeaf(flipped(root, at), size, size, index, leaf, path)).toBe(false));
    leaf.forEach((_, at) => expect(provesLeaf(root, size, size, index, flipped(leaf, at), path)).toBe(false));
    path.forEach((step, i) =>
      step.forEach((_, at) => {
        expect(provesLeaf(root, size, size, index, leaf, path.with(i, flipped(step, at)))).toBe(false);
      }),
    );
  });

  it.each([0, 6, 11, 12])('fails with another count, a step more or a step less (leaf %d)', (index) => {
    const [leaf, path] = [leaves[index]!, merklePath(leaves, index)];
    for (const count of [0, 1, 12, 14, 26]) expect(provesLeaf(root, count, size, index, leaf, path)).toBe(false);
    expect(provesLeaf(root, size, size, index, leaf, path.slice(1))).toBe(false);
    expect(provesLeaf(root, size, size, index, leaf, [...path, root])).toBe(false);
    expect(provesLeaf(root, size, size, index, leaf, [root, ...path])).toBe(false);
  });

  it.each([-1, 0.5, 1, Number.NaN])('of a single leaf fails for place %d', (index) => {
    const [leaf] = leavesOf(1) as [Uint8Array];
    expect(provesLeaf(countedRoot(1, [leaf]), 1, 1, 0, leaf, [])).toBe(true);
    expect(provesLeaf(countedRoot(1, [leaf]), 1, 1, index, leaf, [])).toBe(false);
  });
});
