import {DataError} from '../../errors.js'
import {isFloat, type TypedArray} from '../../ir/dtype.js'
import {elementCount} from '../../ir/tensor.js'
import type {InputPort, PreprocessSpec} from '../dataset.js'
import {asksForPreprocessing, type ImagePlan, imagePlan, isImages, targetRow} from '../images/image-plan.js'
import {pixelTable} from '../images/pixel-table.js'
import {preprocess} from '../images/preprocess.js'
import {castTo, type Refuse, valuesOf} from './cast.js'
import {accepts, describeShape, fitShape} from './fit-shape.js'
import {unflattened} from './flat-rows.js'
import {describeArray, rowShapeOf, type SampleArray} from './sample-array.js'

/** How the samples of one array become batches of one input. */
export interface InputFeed {
  readonly input: InputPort
  readonly array: SampleArray
  /** Shape of one prepared sample. */
  readonly rowShape: readonly number[]
  /** Pixels are changed on the way. */
  readonly isImages: boolean
  readonly notes: readonly string[]
  /**
   * `[count, ...row]` as stored → `[count, ...rowShape]` in the input's type. May modify `stored`.
   *
   * @param into where the caller wants it, if that saves memory; as long as the result.
   */
  prepare(stored: TypedArray, count: number, refuse: Refuse, into?: TypedArray): TypedArray
}

/** @throws DataError naming the array, what the input expects and what was found. */
export function feedOf(stored: SampleArray, input: InputPort, spec: PreprocessSpec): InputFeed {
  const shaped = unflattened(stored, input)
  const feed = shapedFeed(shaped ?? stored, input, spec)
  return shaped ? {...feed, notes: [flatNote(stored, shaped, input), ...feed.notes]} : feed
}

function flatNote({name, shape}: SampleArray, shaped: SampleArray, input: InputPort): string {
  const [from, to] = [shape, shaped.shape].map((sizes) => `[${sizes.slice(1).join(', ')}]`)
  return `rows of '${name}', ${from}, are taken as ${to} in row-major order, as input '${input.name}' wants them`
}

function shapedFeed(array: SampleArray, input: InputPort, spec: PreprocessSpec): InputFeed {
  if (array.shape.length === 0) throw misfit(array, input, array.shape)
  if (input.shape?.length === 0) {
    throw new DataError(`input '${input.name}' is a single number, so no sample axis of a data file can feed it`)
  }
  if (isImages(array, spec)) return imageFeed(array, input, spec)
  const rowShape = fittedRow(array, input, rowShapeOf(array), false)
  const prepare = castTo(array.dtype, input.dtype, input.name)
  return {
    array,
    input,
    rowShape,
    isImages: false,
    notes: bytesNote(array, input),
    prepare: (data, _, refuse) => prepare(data, refuse),
  }
}

function imageFeed(array: SampleArray, input: InputPort, spec: PreprocessSpec): InputFeed {
  const plan = imagePlan(array, input, spec)
  const rowShape = fittedRow(array, input, targetRow(plan, array.shape.length - 1), true)
  const [checkFinite, cast] = [castTo(array.dtype, 'float64', input.name), castTo('float64', input.dtype, input.name)]
  const whole = !isFloat(input.dtype)
  const finish = (values: Float64Array, refuse: Refuse): TypedArray => {
    if (whole) for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i] as number)
    return cast(values, refuse)
  }
  const table = array.dtype === 'uint8' ? pixelTable(plan, finish) : undefined
  return {
    array,
    input,
    rowShape,
    isImages: true,
    notes: scaleNote(array, input, spec, plan),
    prepare(stored, count, refuse, into) {
      if (table) return table(stored, count, into)
      if (array.dtype !== 'uint8') checkFinite(stored, refuse)
      return finish(preprocess(valuesOf(stored, array.dtype), count, plan, array.dtype === 'uint8'), refuse)
    },
  }
}

function fittedRow(array: SampleArray, input: InputPort, row: readonly number[], flatten: boolean): readonly number[] {
  if (!input.shape) return row
  const want = input.shape.slice(1)
  const size = elementCount(row)
  const fitted = fitShape(row, want) ?? (flatten && want.length === 1 && accepts(want[0], size) ? [size] : undefined)
  if (!fitted) throw misfit(array, input, [array.shape[0] ?? 0, ...row])
  return fitted
}

function misfit(array: SampleArray, input: InputPort, shape: readonly number[]): DataError {
  const found = describeArray(array)
  const prepared = shape.join() === array.shape.join() ? '' : `, prepared as [${shape.join(', ')}]`
  return new DataError(
    `array '${array.name}' for input '${input.name}': expected ${describeShape(input.shape)} ${input.dtype}, got ${found}${prepared}`,
    {
      hint:
        shape.length > 2
          ? 'Images can be fitted with --resize, --channels and --layout'
          : 'Save the samples in the shape of the input',
    },
  )
}

/** What becomes of bytes, where a user may have meant something else. */
function scaleNote(array: SampleArray, input: InputPort, {scale, mean}: PreprocessSpec, plan: ImagePlan): string[] {
  if (array.dtype !== 'uint8' || !isFloat(input.dtype)) return []
  const isSaid = scale !== undefined
  const scaled = plan.scale === 1 / 255 ? 'scaled by 1/255' : `scaled by ${plan.scale}`
  if (mean && (isSaid || array.isPixels)) return []
  if (mean) {
    const range = plan.scale === 1 ? 'left in 0..255' : scaled
    return [
      `pixels of '${array.name}' are ${range} before the mean is subtracted, as it suggests: --scale says otherwise`,
    ]
  }
  if (plan.scale === 1 && !array.isPixels) return isSaid ? [] : bytesNote(array, input)
  const hint = 'give --mean and --std if the model was trained with them'
  return [`pixels of '${array.name}' are ${scaled} and no mean is subtracted: ${hint}`]
}

/** Bytes go in as they are: worth a word, because they may be pixels. */
function bytesNote(array: SampleArray, input: InputPort): string[] {
  if (array.dtype !== 'uint8' || !isFloat(input.dtype)) return []
  return [`bytes of '${array.name}' go in as they are, 0..255: give --scale 1/255 if the model takes 0..1`]
}

/** @throws DataError when flags for images meet data without images: they are never ignored. */
export function requireImages(feeds: readonly InputFeed[], spec: PreprocessSpec): void {
  if (!asksForPreprocessing(spec) || feeds.some((feed) => feed.isImages)) return
  const held = feeds.map(({array}) => `'${array.name}' ${describeArray(array)}`).join(', ')
  throw new DataError(`the preprocessing flags expect images, got ${held}`, {
    hint: 'Leave out --resize, --channels, --layout, --scale, --mean and --std',
  })
}
