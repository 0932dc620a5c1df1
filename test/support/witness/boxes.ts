/** A found thing: corners in any unit. */
export interface Box {
  readonly corners: readonly [left: number, top: number, right: number, bottom: number]
  readonly label: number
  readonly score: number
}

/** Intersection over union of two boxes. */
export function overlap({corners: a}: Box, {corners: b}: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (!(width > 0 && height > 0)) return 0
  const both = width * height
  return both / (area(a) + area(b) - both)
}

function area([left, top, right, bottom]: Box['corners']): number {
  return (right - left) * (bottom - top)
}

/** The best boxes of each label that do not cover each other by more than `limit`, best first. */
export function suppressed(boxes: readonly Box[], limit: number): Box[] {
  const kept: Box[] = []
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.label !== box.label || overlap(other, box) <= limit)) kept.push(box)
  }
  return kept
}

/**
 * F1 of the boxes of all pictures against the float model's: a box counts when one of the same label, not yet taken, covers it by
 * half. 1 when there are none at all.
 */
export function boxF1(float: readonly (readonly Box[])[], changed: readonly (readonly Box[])[]): number {
  let [matched, all] = [0, 0]
  float.forEach((expected, picture) => {
    const found = changed[picture] ?? []
    all += expected.length + found.length
    const free = new Set(expected)
    for (const box of found) {
      const partner = [...free]
        .filter((other) => other.label === box.label)
        .sort((a, b) => overlap(b, box) - overlap(a, box))[0]
      if (!partner || overlap(partner, box) < 0.5) continue
      free.delete(partner)
      matched++
    }
  })
  return all === 0 ? 1 : (2 * matched) / all
}
