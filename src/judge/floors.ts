import type {OutputKind} from '../results.js'

/**
 * What a kind may lose before the result is called bad: 2 % of its decisions. Of numbers 2 % of their variance (17 dB). Of vectors the
 * cosine, which moves neighbours from about .99 downwards.
 */
const FLOORS: Readonly<Record<OutputKind, number>> = {
  labels: 0.98,
  scores: 0.98,
  places: 0.98,
  mask: 0.98,
  boxes: 0.98,
  detections: 0.98,
  tokens: 0.98,
  lines: 0.98,
  embedding: 0.99,
  regression: 0.98,
  state: 0.98,
  integers: 0.98,
  strings: 0.98,
}

/**
 * Offsets that only the program can turn into boxes, and numbers that nothing is known of: a tenth of their variance (10 dB) is not known
 * to do harm, as the rest of what is found stays.
 */
export const LOOSE_FLOOR = 0.9

/** The floor of an output: the loose one also for scores that are hardly ever a yes, and so judged as numbers. */
export function floorOf(kind: OutputKind, measure: string, isGuess: boolean): number {
  const isByNumbers = (kind === 'boxes' || kind === 'scores') && measure.startsWith('R²')
  return isGuess || isByNumbers ? LOOSE_FLOOR : FLOORS[kind]
}
