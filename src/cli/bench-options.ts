import type {Interfaces} from '@oclif/core'
import type {benchFlags} from './bench-flags.js'
import {budgetOptions, dataOptions, feedOptions, judgeOptions, shapeOptions} from './flag-options.js'
import type {budgetFlags, dataFlags, judgeFlags, runFlags} from './flags.js'

type Values = Interfaces.InferredFlags<
  typeof dataFlags & Omit<typeof runFlags, 'provider' | 'threads'> & typeof budgetFlags & typeof judgeFlags
> &
  Interfaces.InferredFlags<typeof benchFlags>

/** The parsed flags of `bench` as the options of its pipeline. @param argv the arguments after `mopt`, for the report. */
export function benchOptions(
  flags: Omit<Values, 'batch'> & {batch?: readonly number[] | undefined},
  argv: readonly string[],
) {
  return {
    ...dataOptions({...flags, batch: undefined}),
    ...shapeOptions(flags),
    ...feedOptions(flags),
    ...budgetOptions(flags),
    outputKinds: judgeOptions({'output-kind': flags['output-kind']}).outputKinds,
    seed: flags.seed,
    providers: [...new Set(flags.provider)],
    batches: [...new Set(flags.batch)],
    threadCounts: [...new Set(flags.threads)],
    metrics: [...new Set(flags.metric)],
    outputName: flags['output-name'],
    runs: flags.runs,
    minTimeMs: flags['min-time'],
    maxTimeMs: flags['max-time'],
    warmup: flags.warmup,
    evalBatch: flags['eval-batch'],
    minEffect: flags['min-effect'],
    profile: flags.profile,
    reports: flags.report ?? [],
    argv,
  }
}
