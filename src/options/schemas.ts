import type {z} from 'zod'
import {benchOptions} from './bench.js'
import {inspectOptions} from './inspect.js'
import {pruneOptions} from './prune.js'
import {quantizeOptions} from './quantize.js'
import {simplifyOptions} from './simplify.js'
import {distillOptions, finetuneOptions} from './training.js'

/** The options of every verb that has some. */
export const SCHEMAS = {
  bench: benchOptions,
  distill: distillOptions,
  finetune: finetuneOptions,
  inspect: inspectOptions,
  prune: pruneOptions,
  quantize: quantizeOptions,
  simplify: simplifyOptions,
} as const satisfies Readonly<Record<string, z.ZodObject>>

export type Verb = keyof typeof SCHEMAS
