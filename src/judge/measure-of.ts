import {elementCount} from '../ir/tensor.js'
import type {KindMeasure} from '../metrics/kinds/kind-measure.js'
import {SameDirection} from '../metrics/kinds/same-direction.js'
import {SameLabels} from '../metrics/kinds/same-labels.js'
import {SameLines} from '../metrics/kinds/same-lines.js'
import {SameNumbers} from '../metrics/kinds/same-numbers.js'
import {SamePeaks} from '../metrics/kinds/same-peaks.js'
import {SamePlaces} from '../metrics/kinds/same-places.js'
import {SamePositives} from '../metrics/kinds/same-positives.js'
import {SameValues} from '../metrics/kinds/same-values.js'
import type {OutputKind} from '../results.js'
import type {SeenOutput} from './kind-of.js'
import {PROBABILITIES} from './output-tail.js'

/** More scores than this for a sample are places to look at, not answers of their own. */
const MANY_SCORES = 16

/** Scores are for each class on its own when hardly a place has one above zero. */
const MOSTLY = 0.5

/** What sums up an output of a kind. Boxes and detections, which take two outputs, are the observer's. */
export function measureOf(kind: OutputKind, output: SeenOutput, threshold?: number | undefined): KindMeasure {
  switch (kind) {
    case 'labels':
      return new SameLabels()
    case 'tokens':
      return new SameLabels('same tokens')
    case 'lines':
      return new SameLines()
    case 'places':
      return new SamePlaces(classAxisOf(output), threshold ?? ownThreshold(output))
    case 'scores':
      if (output.facts.tail === 'peaks') return new SamePeaks(planeOf(output.dims), threshold)
      return new SamePositives({
        of: scoresEach(output) > MANY_SCORES ? 'places' : 'samples',
        areLogits: areLogits(output),
        threshold,
      })
    case 'mask':
      return new SamePositives({of: 'area', areLogits: areLogits(output), threshold})
    case 'embedding':
      return new SameDirection()
    case 'integers':
    case 'strings':
      return new SameValues()
    default:
      return new SameNumbers()
  }
}

/** undefined: the numbers will tell. */
export function areLogits({facts}: SeenOutput): boolean | undefined {
  return PROBABILITIES.has(facts.tail) ? false : undefined
}

/** Height and width of a plane of scores. */
function planeOf(dims: readonly number[]): {readonly height: number; readonly width: number} {
  const [height = 1, width = 1] = dims.at(-1) === 1 ? dims.slice(-3, -1) : dims.slice(-2)
  return {height, width}
}

function scoresEach({dims, axis}: SeenOutput): number {
  return dims.reduce((product, size, index) => (index === axis ? product : product * size), 1)
}

/** Images keep classes behind the samples, everything else has them last. */
export function classAxisOf({dims, facts, values}: SeenOutput): number {
  if (dims.length < 4) return dims.length - 1
  // height and width side by side, and then the classes
  if (facts.tail !== 'softmax') return dims[1] === dims[2] && dims[2] !== dims[3] ? 3 : 1
  return sumsToOne(values, dims, dims.length - 1) ? dims.length - 1 : 1
}

function sumsToOne(values: ArrayLike<number>, dims: readonly number[], axis: number): boolean {
  const step = elementCount(dims.slice(axis + 1))
  let sum = 0
  for (let label = 0; label < (dims[axis] ?? 0); label++) sum += values[label * step] as number
  return Math.abs(sum - 1) < 1e-2
}

/** The threshold of classes that do not exclude each other; undefined for those that do. */
function ownThreshold(output: SeenOutput): number | undefined {
  const {facts, dims, values} = output
  const axis = classAxisOf(output)
  if (facts.tail === 'softmax' || sumsToOne(values, dims, axis)) return undefined
  if (PROBABILITIES.has(facts.tail)) return 0.5
  const {length} = values
  let positive = 0
  for (let index = 0; index < length; index++) if ((values[index] as number) > 0) positive++
  // logits of classes that exclude each other are on both sides of zero
  return positive < (MOSTLY * length) / Math.max(1, dims[axis] ?? 1) ? 0 : undefined
}
