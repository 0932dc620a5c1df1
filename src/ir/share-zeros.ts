import type {LayerProfile} from './layer-profile.js'

/** Of the density that all layers have together, what each keeps at least. */
const LEAST_DENSITY = 0.75

/**
 * Shares zeros out among layers, by what each loses: an element goes the sooner the smaller its square is beside the squares of all
 * in its layer that are no smaller. So layers that are of smaller numbers than others, because a normalization or the next layer makes
 * up for it, are not taken for unimportant, and the last element of a layer costs all of it. No layer keeps less than 75 % of the
 * density that was asked for, and none loses the last element of an output channel, while others have anything to give.
 *
 * @param total elements that are to be zero in all layers together, those that are zero already counted.
 * @returns zeros of each layer: `total` together, or what is zero already where that is more.
 * @see Lee et al. 2021, arXiv:2010.07611, for the score; docs/decisions/0015-numbers-that-survive.md for the floor.
 */
export function shareZeros(total: number, layers: readonly LayerProfile[]): number[] {
  const quotas = layers.map(({zeros}) => zeros)
  const elements = sum(layers.map((layer) => layer.elements))
  let left = total - sum(quotas)
  const take = (layer: number, wanted: number, limit: number) => {
    const taken = Math.max(0, Math.min(wanted, left, limit - (quotas[layer] as number)))
    quotas[layer] = (quotas[layer] as number) + taken
    left -= taken
  }
  const most = 1 - LEAST_DENSITY * (1 - total / elements)
  const limits = layers.map((layer) => Math.floor(most * layer.elements))
  for (const {layer, count} of candidates(layers)) take(layer, count, limits[layer] as number)
  // what the floors forbid is taken all the same where nothing else is left: first what only the density protects, then channels
  for (const {layer, count} of candidates(layers)) take(layer, count, unprotected(layers[layer] as LayerProfile))
  layers.forEach((layer, index) => {
    take(index, layer.elements, layer.elements)
  })
  return quotas
}

interface Candidate {
  readonly layer: number
  readonly count: number
  readonly score: number
}

/** Buckets of all layers, the least important first. */
function candidates(layers: readonly LayerProfile[]): Candidate[] {
  const all = layers.flatMap(({energy, buckets}, layer) => {
    let rest = energy
    return buckets.map((bucket) => {
      const score = bucket.energy / bucket.count / Math.max(rest, Number.MIN_VALUE)
      rest -= bucket.energy
      return {layer, count: bucket.count, score}
    })
  })
  return all.sort((a, b) => a.score - b.score)
}

/** Elements that are no channel's last. */
function unprotected({zeros, buckets}: LayerProfile): number {
  return zeros + sum(buckets.map(({count}) => count))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
