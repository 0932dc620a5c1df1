import {readFile} from 'node:fs/promises'
import {DataError, FileError} from '../../errors.js'
import type {PreprocessSpec, ResampleFilter} from '../dataset.js'
import {PreprocessorFields} from './preprocessor-fields.js'
import {PROCESSOR_TYPES, type ProcessorDefaults} from './processor-types.js'

/** Fields that change no pixel. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['_processor_class', '_valid_processor_keys', 'processor_class', 'transformers_version', 'return_tensors'],
  ...['device', 'disable_grouping', 'input_data_format', '_name_or_path', 'model_input_names'],
])

/** Fields that are followed. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['image_processor_type', 'feature_extractor_type', 'data_format', 'do_convert_rgb', 'do_flip_channel_order'],
  ...['do_resize', 'size', 'default_to_square', 'resample', 'crop_pct', 'do_center_crop', 'crop_size'],
  ...['do_rescale', 'rescale_factor', 'rescale_offset', 'do_normalize', 'image_mean', 'image_std', 'include_top'],
])

/** Pillow's numbers of its filters. */
const FILTERS: readonly ResampleFilter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming']

/** Below this ConvNext resizes larger and crops; from it on it squeezes. */
const CONVNEXT_CROP_BELOW = 384

/**
 * What a preprocessor_config.json of Hugging Face asks for. A field that would change pixels in a way that is not built is never
 * passed over.
 *
 * @throws FileError when it cannot be read; DataError naming the field that is not understood.
 * @see transformers 5.18, image_processing_backends.py and the classes of processor-types.ts
 */
export async function readPreprocessorConfig(path: string): Promise<PreprocessSpec> {
  const fields = new PreprocessorFields(path, await readObject(path))
  const type = typeOf(fields)
  const defaults = PROCESSOR_TYPES[type] as ProcessorDefaults
  refuseUnknown(fields)
  return {...sizes(fields, type, defaults), ...channelsOf(fields, defaults, type), ...numbersOf(fields, defaults, type)}
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FileError(`${path}: cannot be read as a preprocessor_config.json`, {cause, hint: 'Check the path'})
  })
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    throw new DataError(`${path}: expected JSON, got something else`, {
      cause,
      hint: '--preprocess takes the preprocessor_config.json that lies beside a model on Hugging Face',
    })
  }
  throw new DataError(`${path}: expected a JSON object`)
}

/** Old files name no class, or call it FeatureExtractor; theirs was ViT's way. */
function typeOf(fields: PreprocessorFields): string {
  const field = fields.text('image_processor_type') === undefined ? 'feature_extractor_type' : 'image_processor_type'
  const name = (fields.text(field) ?? 'ViT').replace(/(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/, '')
  if (name in PROCESSOR_TYPES) return name
  throw fields.refusal(field, `the processor of one of ${Object.keys(PROCESSOR_TYPES).join(', ')}`)
}

/** Whatever is switched off needs no rule. */
function refuseUnknown(fields: PreprocessorFields): void {
  for (const name of fields.names) {
    const value = fields.value(name)
    const isOff = value === undefined || (value === false && name.startsWith('do_'))
    if (!isOff && !HARMLESS.has(name) && !KNOWN.has(name)) {
      throw fields.refusal(name, 'no such field, because mopt has no rule for it')
    }
  }
  const layout = fields.text('data_format')
  if (layout !== undefined && !/first$/i.test(layout)) throw fields.refusal('data_format', "'channels_first'")
}

function sizes(fields: PreprocessorFields, type: string, defaults: ProcessorDefaults): PreprocessSpec {
  const cropped = fields.flag('do_center_crop', defaults.centerCrop)
  const cropSize = cropped ? {crop: bothSides(fields, 'crop_size', defaults.cropSize ?? 224)} : {}
  if (!fields.flag('do_resize', true)) return cropSize
  const resample = filterOf(fields, defaults)
  const edge = shortestEdge(fields, defaults)
  if (type === 'ConvNext' && edge !== undefined) return {...convNextSizes(fields, edge), resample, ...cropSize}
  if (fields.value('crop_pct') !== undefined) throw fields.refusal('crop_pct', 'it with ConvNextImageProcessor only')
  const resize = edge === undefined ? bothSides(fields, 'size', defaults.size) : {shortestEdge: edge}
  return {resize, resample, ...cropSize}
}

function convNextSizes(fields: PreprocessorFields, edge: number): PreprocessSpec {
  if (edge >= CONVNEXT_CROP_BELOW) return {resize: [edge, edge]}
  const larger = Math.trunc(edge / fields.number('crop_pct', 224 / 256))
  return {resize: {shortestEdge: larger}, crop: [edge, edge]}
}

/** undefined when `size` gives both sides. */
function shortestEdge(fields: PreprocessorFields, defaults: ProcessorDefaults): number | undefined {
  const size = fields.sides('size', defaults.size)
  if (typeof size === 'number') return fields.flag('default_to_square', defaults.square) ? undefined : size
  return Object.keys(size).join() === 'shortest_edge' ? size.shortest_edge : undefined
}

function bothSides(
  fields: PreprocessorFields,
  name: 'size' | 'crop_size',
  otherwise: number | Readonly<Record<string, number>>,
): readonly [number, number] {
  const size = fields.sides(name, otherwise)
  if (typeof size === 'number') return [size, size]
  const {height, width, ...rest} = size
  if (height !== undefined && width !== undefined && Object.keys(rest).length === 0) return [height, width]
  throw fields.refusal(name, `{height, width}${name === 'size' ? ', {shortest_edge}' : ''} or a number`)
}

function filterOf(fields: PreprocessorFields, defaults: ProcessorDefaults): ResampleFilter {
  const code = fields.value('resample')
  if (code === undefined) return defaults.resample
  const filter = FILTERS.find((_, index) => index === code)
  if (filter) return filter
  throw fields.refusal('resample', "one of Pillow's filters, 0 to 5")
}

/** Processors work on RGB; a mean of one value goes with gray images. */
function channelsOf(fields: PreprocessorFields, defaults: ProcessorDefaults, type: string): PreprocessSpec {
  if (fields.flag('do_flip_channel_order', type === 'MobileViT')) return {channels: 'bgr'}
  const isGray = fields.numbers('image_mean', defaults.mean).length === 1 && !fields.flag('do_convert_rgb', false)
  return isGray ? {} : {channels: 'rgb'}
}

/** Everything after the size is one product and one sum per channel. */
function numbersOf(fields: PreprocessorFields, defaults: ProcessorDefaults, type: string): PreprocessSpec {
  const scale = fields.flag('do_rescale', true) ? fields.number('rescale_factor', 1 / 255) : 1
  const normalizes = fields.flag('do_normalize', defaults.normalize)
  const mean = normalizes ? fields.numbers('image_mean', defaults.mean) : [0]
  const std = normalizes ? fields.numbers('image_std', defaults.std) : [1]
  if (std.some((value) => value <= 0)) throw fields.refusal('image_std', 'numbers above 0')
  if (type !== 'EfficientNet') {
    for (const name of ['rescale_offset', 'include_top']) {
      if (fields.flag(name, false)) throw fields.refusal(name, 'it with EfficientNetImageProcessor only')
    }
    return {scale, mean, std}
  }
  return efficientNetNumbers(fields, defaults, {scale, mean, std})
}

/** `rescale_offset` takes 1 off; `include_top` divides by the deviation once more. */
function efficientNetNumbers(
  fields: PreprocessorFields,
  defaults: ProcessorDefaults,
  {scale, mean, std}: {scale: number; mean: readonly number[]; std: readonly number[]},
): PreprocessSpec {
  const offset = fields.flag('rescale_offset', false) ? 1 : 0
  const again = fields.flag('include_top', true) ? fields.numbers('image_std', defaults.std) : [1]
  const at = (list: readonly number[], channel: number): number => list[list.length === 1 ? 0 : channel] as number
  const channels = Math.max(mean.length, std.length, again.length)
  return {
    scale,
    mean: Array.from({length: channels}, (_, channel) => at(mean, channel) + offset),
    std: Array.from({length: channels}, (_, channel) => at(std, channel) * at(again, channel)),
  }
}
