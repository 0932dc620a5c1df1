/** Where an axis lies that counts from the end when it is negative. Not checked: ops/axis.ts does that for a node. */
export function axisFromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
