/**
 * A number in 0 ≤ x < 1 that follows from where it is asked for, and from nothing that was drawn before: a training that goes on in
 * the middle draws what it would have drawn.
 *
 * @param places whole numbers: a seed, a sample, which draw.
 * @see Austin Appleby's MurmurHash3 (32 bits), whose mixing this is.
 */
export function uniformAt(...places: readonly number[]): number {
  let hash = 0
  for (const place of places) {
    const mixed = Math.imul(rotate(Math.imul(place, 0xcc9e2d51), 15), 0x1b873593)
    hash = (Math.imul(rotate(hash ^ mixed, 13), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

function rotate(bits: number, count: number): number {
  return (bits << count) | (bits >>> (32 - count))
}
