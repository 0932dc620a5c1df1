import type {z} from 'zod'
import type {Effects} from '../effects.js'
import {benchOptions} from '../options/bench.js'
import {inspectOptions} from '../options/inspect.js'
import {parseOptions} from '../options/parse-options.js'
import {pruneOptions} from '../options/prune.js'
import {quantizeOptions} from '../options/quantize.js'
import {simplifyOptions} from '../options/simplify.js'
import {distillOptions, finetuneOptions} from '../options/training.js'

/**
 * The verbs with options as they are given: checked, and with what was left out filled in. Each loads its pipeline when it is called.
 */
type Verb<Subject, Options, Result> = (subject: Subject, options: Options, effects: Effects) => Promise<Result>

function verb<Schema extends z.ZodType, Subject, Result>(
  schema: Schema,
  load: () => Promise<Verb<Subject, z.output<Schema>, Result>>,
): Verb<Subject, unknown, Result> {
  return async (subject, options, effects) => {
    const parsed = parseOptions(schema, options)
    return (await load())(subject, parsed, effects)
  }
}

export const runInspect = verb(inspectOptions, async () => (await import('./inspect/inspect.js')).inspect)
export const runSimplify = verb(simplifyOptions, async () => (await import('./simplify/simplify.js')).simplify)
export const runQuantize = verb(quantizeOptions, async () => (await import('./quantize/quantize.js')).quantize)
export const runPlan = verb(
  quantizeOptions,
  async () => (await import('./quantize/plan-quantization.js')).planQuantization,
)
export const runRankLayers = verb(
  quantizeOptions,
  async () => (await import('./quantize/plan-quantization.js')).rankLayers,
)
export const runPrune = verb(pruneOptions, async () => (await import('./prune/prune.js')).prune)
export const runDistill = verb(distillOptions, async () => (await import('./train/distill.js')).distill)
export const runFinetune = verb(finetuneOptions, async () => (await import('./train/finetune.js')).finetune)
export const runBench = verb(benchOptions, async () => (await import('./bench/bench.js')).bench)
