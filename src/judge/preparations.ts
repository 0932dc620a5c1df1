import type {PreprocessSpec} from '../data/dataset.js'
import type {PixelFacts} from './pixel-facts.js'

/** A usual way to bring pixels into a model, and the flags that say so. */
export interface Preparation {
  readonly preprocess: {
    readonly scale: number
    readonly mean: readonly number[]
    readonly std: readonly number[]
  } & Pick<PreprocessSpec, 'channels'>
  readonly flags: string
}

/** Of colours in 0..1: torchvision, timm and most of Hugging Face. */
const IMAGENET = {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]} as const
/** Of blue, green, red in 0..255, subtracted and no more: Caffe, Keras' VGG and ResNet. */
const CAFFE = [103.939, 116.779, 123.68] as const

/** `v = x · scale + shift` is in 0..1. */
interface Unit {
  readonly scale: number
  readonly shift: number
}

/**
 * The usual preparations of images, the likeliest first: what the user gave with another scale, 0..255, 0..1, -1..1, ImageNet's mean
 * and deviation, this data's own, Caffe's mean; colours also the other way round.
 *
 * @param given what holds now; it is not among them.
 * @returns none when the numbers in the files are no pixels.
 */
export function preparations(facts: PixelFacts, given: PreprocessSpec): Preparation[] {
  const unit = unitOf(facts)
  if (!unit) return []
  const isColour = facts.mean.length === 3
  const own = ({scale, shift}: Unit) => ({
    mean: facts.mean.map((value) => rounded(value * scale + shift)),
    std: facts.std.map((value) => rounded(value * scale)),
  })
  const inOrder = [
    ...(given.mean || given.std
      ? [1, unit.scale].map((scale) => ({scale, mean: [...(given.mean ?? [0])], std: [...(given.std ?? [1])]}))
      : []),
    ofBytes(unit, [0]),
    ofUnit(unit, [0], [1]),
    ofUnit(unit, [0.5], [0.5]),
    ...(isColour ? [ofUnit(unit, IMAGENET.mean, IMAGENET.std)] : []),
    ...(facts.std.every((value) => value > 0) ? [ofUnit(unit, own(unit).mean, own(unit).std)] : []),
    ...(isColour ? [ofBytes(unit, [...CAFFE].reverse())] : []),
  ]
  const turned = given.channels === 'bgr' ? ('rgb' as const) : ('bgr' as const)
  const reversed = isColour ? [...inOrder.slice(0, -1), ofBytes(unit, CAFFE)] : []
  const all = [...inOrder, ...reversed.map((spec) => ({...spec, channels: turned}))]
  return all.map((preprocess) => ({preprocess, flags: flagsOf(preprocess, given)}))
}

/** Where the numbers lie; undefined for those that were standardized already, and for what is not pixels. */
function unitOf({lowest, highest}: PixelFacts): Unit | undefined {
  if (lowest >= 0 && highest > 1 && highest <= 255) return {scale: 1 / 255, shift: 0}
  if (lowest >= 0 && highest <= 1) return {scale: 1, shift: 0}
  return lowest >= -1 && highest <= 1 ? {scale: 0.5, shift: 0.5} : undefined
}

function ofUnit({scale, shift}: Unit, mean: readonly number[], std: readonly number[]) {
  return {scale, mean: mean.map((value) => value - shift), std: [...std]}
}

function ofBytes({scale, shift}: Unit, mean: readonly number[]) {
  return {scale: scale * 255, mean: mean.map((value) => value - shift * 255), std: [1]}
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

/** As they are typed behind what was typed: the last one counts. */
function flagsOf({scale, mean, std, channels}: Preparation['preprocess'], given: PreprocessSpec): string {
  const parts = [flag('scale', scale === 1 / 255 ? '1/255' : `${scale}`)]
  if (given.mean || given.std || mean.some((value) => value !== 0) || std.some((value) => value !== 1)) {
    parts.push(flag('mean', mean.join(',')), flag('std', std.join(',')))
  }
  if (channels) parts.push(flag('channels', channels))
  return parts.join(' ')
}

/** A value that begins with a minus sign would be taken for a flag. */
function flag(name: string, value: string): string {
  return value.startsWith('-') ? `--${name}=${value}` : `--${name} ${value}`
}
