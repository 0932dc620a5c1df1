import type {ResampleFilter} from '../dataset.js'

/** What a processor class of transformers does where its file says nothing. */
export interface ProcessorDefaults {
  /** A single number as `size` means both sides; else the shorter side. */
  readonly square: boolean
  readonly size: Readonly<Record<string, number>>
  readonly resample: ResampleFilter
  readonly centerCrop: boolean
  readonly cropSize: number | undefined
  readonly normalize: boolean
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

const HALF = [0.5, 0.5, 0.5]
const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
const CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
const SQUARE_224 = {height: 224, width: 224}

const PLAIN: ProcessorDefaults = {
  square: true,
  size: SQUARE_224,
  resample: 'bicubic',
  centerCrop: false,
  cropSize: undefined,
  normalize: true,
  mean: HALF,
  std: HALF,
}
const CROPPED: ProcessorDefaults = {
  ...PLAIN,
  square: false,
  size: {shortest_edge: 224},
  centerCrop: true,
  cropSize: 224,
}
const CLIP: ProcessorDefaults = {...CROPPED, mean: CLIP_MEAN, std: CLIP_STD}
const MOBILE_NET: ProcessorDefaults = {...CROPPED, size: {shortest_edge: 256}, resample: 'bilinear'}

/**
 * Classes whose work is resize, center crop, rescale, normalize and nothing else, by their name without `ImageProcessor`,
 * `FeatureExtractor` and `Fast`. Read off the classes of transformers 5.18.
 */
export const PROCESSOR_TYPES: Readonly<Record<string, ProcessorDefaults>> = {
  ViT: {...PLAIN, resample: 'bilinear'},
  DeiT: {...PLAIN, size: {height: 256, width: 256}, centerCrop: true, cropSize: 224},
  Beit: {...PLAIN, cropSize: 224},
  Siglip: {...PLAIN, square: false},
  Blip: {...PLAIN, size: {height: 384, width: 384}, mean: CLIP_MEAN, std: CLIP_STD},
  Pvt: {...PLAIN, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]},
  EfficientNet: {...PLAIN, size: {height: 346, width: 346}, cropSize: 289},
  CLIP,
  ChineseCLIP: CLIP,
  Bit: CLIP,
  ConvNext: {...PLAIN, square: false, size: {shortest_edge: 384}},
  MobileNetV1: MOBILE_NET,
  MobileNetV2: MOBILE_NET,
  MobileViT: {...CROPPED, cropSize: 256, normalize: false},
}
