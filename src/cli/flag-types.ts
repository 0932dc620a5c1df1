import {Flags} from '@oclif/core'
import {
  type OverrideType,
  parseAssignment,
  parseDim,
  parseDuration,
  parseInteger,
  parseIntegerList,
  parseNames,
  parseNumber,
  parseNumberList,
  parseNumberOrAuto,
  parseOutputKind,
  parseOverride,
  parsePattern,
  parseRatio,
  parseShape,
  parseSides,
  parseSome,
  type Range,
  type WantedOutputKind,
} from './flag-values.js'

/** The flag types of mopt, for use like oclif's own: `ratio({default: 0.3, summary: '…'})`. */

export const integer = Flags.custom<number, Range>({
  parse: async (text, _, {name, min, max}) => parseInteger(text, name, bounds(min, max)),
  helpValue: 'N',
})

export const number = Flags.custom<number, Range>({
  parse: async (text, _, {name, min, max}) => parseNumber(text, name, bounds(min, max)),
  helpValue: 'X',
})

/** A number above 0, or `auto`. */
export const numberOrAuto = Flags.custom<number | 'auto'>({
  parse: async (text, _, {name}) => parseNumberOrAuto(text, name),
  helpValue: 'auto|X',
})

/** 0..1, typed as `0.3` or `30%`. */
export const ratio = Flags.custom<number>({
  parse: async (text, _, {name}) => parseRatio(text, name),
  helpValue: '0.3|30%',
})

/** Milliseconds, typed as `500ms`, `1s`, `2m`. */
export const duration = Flags.custom<number>({
  parse: async (text, _, {name}) => parseDuration(text, name),
  helpValue: 'TIME',
})

/** `1,8` */
export const integerList = Flags.custom<readonly number[], Range>({
  parse: async (text, _, {name, min, max}) => parseIntegerList(text, name, bounds(min ?? 1, max)),
  helpValue: 'N,N',
})

/** `0.485,0.456,0.406` */
export const numberList = Flags.custom<readonly number[]>({
  parse: async (text, _, {name}) => parseNumberList(text, name),
  helpValue: 'X,X',
})

/** Height and width, typed as `224x224`. */
export const sides = Flags.custom<readonly [number, number]>({
  parse: async (text, _, {name}) => parseSides(text, name),
  helpValue: 'HxW',
})

export const mapping = Flags.custom<readonly [string, string]>({
  parse: async (text, _, {name}) => parseAssignment(text, name, 'ARRAY=INPUT, such as images=x'),
  helpValue: 'ARRAY=INPUT',
})

export const feed = Flags.custom<readonly [string, string]>({
  parse: async (text, _, {name}) => parseAssignment(text, name, 'INPUT=VALUE, such as sr=16000 or h=zeros'),
  helpValue: 'INPUT=VALUE',
})

export const inputShape = Flags.custom<readonly [string, readonly number[]]>({
  parse: async (text, _, {name}) => parseShape(text, name),
  helpValue: 'NAME=1,3,224,224',
})

export const dimension = Flags.custom<readonly [string, number]>({
  parse: async (text, _, {name}) => parseDim(text, name),
  helpValue: 'NAME=64',
})

export const outputKind = Flags.custom<readonly [string, WantedOutputKind]>({
  parse: async (text, _, {name}) => parseOutputKind(text, name),
  helpValue: 'NAME=mask',
})

/** A regular expression; it stays text. */
export const pattern = Flags.custom<string>({
  parse: async (text, _, {name}) => parsePattern(text, name),
  helpValue: 'REGEX',
  multipleNonGreedy: true,
})

export const override = Flags.custom<{pattern: string; to: OverrideType}>({
  parse: async (text, _, {name}) => parseOverride(text, name),
  multipleNonGreedy: true,
  helpValue: 'REGEX=float|int8|uint8|float16|stored-int8',
})

/** Names with commas between them, empty ones refused. */
export const names = Flags.custom<readonly string[]>({
  parse: async (text, _, {name}) => parseNames(text, name),
})

/** `10` runs, or `80ms`. */
export const warmup = Flags.custom<{readonly ms: number} | {readonly runs: number}>({
  parse: async (text, _, {name}) =>
    /^\s*\d+\s*$/.test(text) ? {runs: parseInteger(text, name, {min: 1})} : {ms: parseDuration(text, name)},
  helpValue: 'N|TIME',
})

/** Ways to change an image, with commas between them. */
export const augmentations = Flags.custom<readonly string[]>({
  parse: async (text, _, {name}) => parseSome(text, name, ['flip', 'shift', 'crop']),
})

function bounds(min: number | undefined, max: number | undefined): Range {
  return {...(min === undefined ? {} : {min}), ...(max === undefined ? {} : {max})}
}
