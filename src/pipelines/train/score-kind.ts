import {UnsupportedError} from '../../errors.js'
import {isOneNumber, rowOf, shapeOf, shapeText} from '../../facts/output-row.js'
import type {Model} from '../../ir/model.js'
import type {Value} from '../../ir/value.js'
import {classAxis} from '../../metrics/class-axis.js'
import {IGNORED_LABEL} from '../../metrics/labelled-rows.js'
import type {TrainingOptions} from '../../options/training.js'
import {scoresOf} from '../../train/step/scores.js'
import type {ScoreKind} from '../../train/step/scores-of-probabilities.js'

/** What says what an output is, beside itself. */
export interface KindSources {
  readonly student: Model
  readonly teacher: Model | undefined
  readonly labels: Float64Array | undefined
  /** Sizes of one sample's labels; one label when absent. */
  readonly labelShape?: readonly number[] | undefined
}

type LossChoice = TrainingOptions['loss']

const KINDS: Readonly<Record<Exclude<LossChoice, 'auto'>, ScoreKind>> = {
  'cross-entropy': 'classes',
  binary: 'decisions',
  mse: 'numbers',
  cosine: 'numbers',
}

/** What an output is, by its last activation, its shape, the labels, and its vocabulary. */
export function kindOf(output: Value, sources: KindSources, loss: LossChoice): ScoreKind {
  if (loss !== 'auto') return KINDS[loss]
  const {activation} = scoresOf(output)
  if (activation) return activation === 'softmax' ? 'classes' : 'decisions'
  const row = rowOf(output)
  const isSingle = row !== undefined && row.length < 2 && isOneNumber(output)
  if (row?.length === 1 && !isSingle) return 'classes'
  if (!isSingle) return hasClassPerPlace(output, sources) ? 'classes' : 'numbers'
  return isDecision(sources) ? 'decisions' : 'numbers'
}

/** A label is one number: for an output of many it is the class, whatever the outputs are compared by. */
export function kindForLabels(output: Value, sources: KindSources, loss: LossChoice): ScoreKind {
  const kind = kindOf(output, sources, loss)
  return kind === 'numbers' && !isOneNumber(output) ? kindOf(output, sources, 'auto') : kind
}

/** How many classes the labels of an output choose from; undefined for numbers, and where it is not known. */
export function classesOf(output: Value, kind: ScoreKind, labelShape: readonly number[] = []): number | undefined {
  if (kind === 'decisions') return 2
  const shape = shapeOf(output)
  const axis = kind === 'classes' && shape ? classAxis(shape, labelShape) : undefined
  const size = axis === undefined ? undefined : shape?.[axis]
  return typeof size === 'number' ? size : undefined
}

/** @throws UnsupportedError for an output that has no place for the labels. */
export function requirePlaceForLabels(output: Value, kind: ScoreKind, labelShape: readonly number[] = []): void {
  const shape = shapeOf(output)
  if (!shape) return
  const perSample = labelShape.length === 0
  const axis = classAxis(shape, labelShape)
  if (kind === 'classes' && axis !== undefined && shape[axis] !== 1) return
  if (kind !== 'classes' && perSample && !rowOf(output)?.some((size) => size !== 1)) return
  throw new UnsupportedError(
    `output '${output.name}': expected ${wantedFor(kind, labelShape)}, got ${shapeText(output)}`,
    {hint: hintFor(shape.length, labelShape)},
  )
}

function wantedFor(kind: ScoreKind, labelShape: readonly number[]): string {
  const what = kind === 'classes' ? 'a row of class scores' : 'one number'
  return labelShape.length === 0
    ? `${what} per sample for the labels`
    : `${what} for each of the labels [N, ${labelShape.join(', ')}]`
}

const PER_POSITION = `an array [N, T] of class numbers, such as the next tokens, ${IGNORED_LABEL} where there is none`

function hintFor(rank: number, {length}: readonly number[]): string {
  const instead = 'choose another output with --output-name, or learn from a teacher alone with --alpha 1'
  if (length > 0) {
    return `Scores [N, T, classes] take labels [N, T], and [N, classes, H, W] take [N, H, W]; turn one-hot labels into class numbers with argmax, or ${instead}`
  }
  if (rank > 2) return `Give a label per position, ${PER_POSITION}; or ${instead}`
  return 'Choose another output with --output-name, another --loss, or learn from a teacher alone with --alpha 1'
}

/** What to do where there is nothing to learn from. */
export function labelsHint(output: Value): string {
  const isPerPosition = shapeOf(output)?.length === 3
  return `Give labels with --labels FILE${isPerPosition ? `, ${PER_POSITION}` : ''}, or the model to learn from with --teacher FILE`
}

function isDecision({teacher, labels}: KindSources): boolean {
  const taught = teacher?.graph.outputs[0]
  if (labels) return labels.every((label) => label === 0 || label === 1)
  return taught !== undefined && scoresOf(taught).activation === 'sigmoid'
}

/** Scores of classes at every position: there is a label for each, or they are called logits, or are as many as there are tokens. */
function hasClassPerPlace(output: Value, {student, labels, labelShape = []}: KindSources): boolean {
  const shape = shapeOf(output)
  if (!shape || shape.length < 3) return false
  if (labels && labelShape.length > 0) return classAxis(shape, labelShape) !== undefined
  return shape.length === 3 && (/logits/i.test(output.name) || isVocabulary(shape[2], student))
}

/** Some input is looked up in a table of as many rows. */
function isVocabulary(size: unknown, {graph}: Model): boolean {
  return graph.nodes().some(({opType, domain, inputs: [table]}) => {
    const shape = table && opType === 'Gather' && domain === '' ? shapeOf(table) : undefined
    return shape?.length === 2 && typeof size === 'number' && shape[0] === size
  })
}
