import type {z} from 'zod'
import {type BenchOptions, benchOptions as benchSchema} from '../../src/options/bench.js'
import {flagFacts} from '../../src/options/field.js'
import {parseOptions} from '../../src/options/parse-options.js'
import {type PruneOptions, pruneOptions as pruneSchema} from '../../src/options/prune.js'
import {type QuantizeOptions, quantizeOptions as quantizeSchema} from '../../src/options/quantize.js'
import {type SimplifyOptions, simplifyOptions as simplifySchema} from '../../src/options/simplify.js'
import {
  type DistillOptions,
  distillOptions as distillSchema,
  type FinetuneOptions,
  finetuneOptions as finetuneSchema,
} from '../../src/options/training.js'
import {fieldsOf, unwrapped} from '../../src/options/unwrapped.js'

type Together<U> = (U extends unknown ? (room: U) => void : never) extends (room: infer All) => void ? All : never

/** The options of all rooms side by side, as short as a test wants to write them; patterns may be regular expressions. */
export type Flat<Options> = Partial<Omit<Together<Options[keyof Options]>, PatternName | 'data' | 'output'>> &
  Partial<Record<'exclude' | 'include' | 'freeze', readonly (RegExp | string)[]>> & {
    readonly data?: string | undefined
    readonly output?: string | undefined
    readonly overrides?: readonly {readonly pattern: RegExp; readonly to: string}[]
  }
type PatternName = 'exclude' | 'include' | 'freeze' | 'overrides'

/** The paths that have the name of their room. */
const SHORT: Readonly<Record<string, readonly [room: string, name: string]>> = {
  data: ['data', 'samples'],
  output: ['output', 'path'],
}

/** Deals options out to the rooms of a verb's schema, which fills in what is not said. No timing: tests never judge times. */
export function roomsOf<T extends z.ZodObject>(schema: T, flat: object): z.output<T> {
  const rooms = new Map<string, Record<string, unknown>>()
  const given = 'time' in (unwrapped(schema.shape.output as z.ZodType).type as z.ZodObject).shape ? {time: false} : {}
  for (const [key, value] of Object.entries({...given, ...flat})) {
    if (value === undefined) continue
    const [room, name] = SHORT[key] ?? [roomWith(schema, key), key]
    rooms.set(room, {...rooms.get(room), [name]: asText(value)})
  }
  return parseOptions(schema, Object.fromEntries(rooms))
}

function roomWith(schema: z.ZodObject, key: string): string {
  const room = fieldsOf(schema).find(([, type]) =>
    fieldsOf(type).some(([name, field]) => name === key && isOption(field)),
  )
  if (!room) throw new Error(`no option '${key}'`)
  return room[0]
}

function isOption(field: z.ZodType): boolean {
  return flagFacts(field) !== undefined || fieldsOf(field).length > 0
}

function asText(value: unknown): unknown {
  if (value instanceof RegExp) return value.source
  if (Array.isArray(value)) return value.map(asText)
  const isOverride = typeof value === 'object' && value !== null && 'pattern' in value
  return isOverride ? {...value, pattern: asText(value.pattern)} : value
}

/** What the flags of `bench` come to when none is given. */
export function benchOptions(changes: Flat<BenchOptions>): BenchOptions {
  return roomsOf(benchSchema, {shuffle: false, ...changes})
}

export function quantizeOptions(changes: Flat<QuantizeOptions>): QuantizeOptions {
  return roomsOf(quantizeSchema, {cpu: 'vnni', shuffle: false, ...changes})
}

/** What the flags that choose number types come to when none is given. */
export const PASS_DEFAULTS = {
  weights: 'int8',
  activations: 'uint8',
  format: 'qdq',
  blockSize: 32,
  exclude: [],
  excludeOps: [],
  overrides: [],
  keepIo: false,
  provider: 'cpu',
} as const

export function simplifyOptions(changes: Flat<SimplifyOptions>): SimplifyOptions {
  return roomsOf(simplifySchema, {shuffle: false, ...changes})
}

export function pruneOptions(changes: Flat<PruneOptions>): PruneOptions {
  return roomsOf(pruneSchema, {shuffle: false, ...changes})
}

/** What the flags of `finetune` come to when none is given, but for the learning rate and the temperature. */
export function trainingOptions(changes: Flat<FinetuneOptions>): FinetuneOptions {
  return roomsOf(finetuneSchema, {...FIXED, ...changes})
}

/** As `trainingOptions`. */
export function distillOptions(changes: Flat<DistillOptions>): DistillOptions {
  return roomsOf(distillSchema, {...FIXED, ...changes})
}

const FIXED = {shuffle: false, learningRate: 1e-4, temperature: 4}

export const SILENT = {progress: () => {}, signal: new AbortController().signal}

/** Samples of the fixtures for the image models: the training images to learn from, the test images to judge on. */
export const IMAGE_DATA = {
  data: 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz',
  eval: 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
  preprocess: {mean: [0.286], std: [0.353]},
  limit: 128,
} as const

export const SPAM_DATA = {eval: 'fixtures/spam/spam_test.npz'} as const
