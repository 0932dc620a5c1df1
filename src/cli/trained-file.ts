import {budgetOptions, dataOptions, judgeOptions, outputOptions, runOptions} from './flag-options.js'
import {budgetFlags, dataFlags, judgeFlags, outputFlags, runFlags} from './flags.js'
import {type TrainingFlagValues, trainingFlags, trainingOptions, trainingReportFlags} from './training-flags.js'

/** What the verbs take that write a trained file, beside its models. */
export const trainedFileFlags = {
  ...outputFlags,
  ...trainingReportFlags,
  ...dataFlags,
  ...judgeFlags,
  ...trainingFlags,
  ...runFlags,
  ...budgetFlags,
}

type FlagValues = TrainingFlagValues &
  Parameters<typeof outputOptions>[0] &
  Parameters<typeof dataOptions>[0] &
  Parameters<typeof runOptions>[0] &
  Parameters<typeof judgeOptions>[0] &
  Parameters<typeof budgetOptions>[0] & {readonly report?: readonly string[] | undefined}

/** The values of `trainedFileFlags` as the pipelines take them: `--map` may name inputs of either model, so it is understood there. */
export function trainedFileOptions(flags: FlagValues) {
  return {
    ...trainingOptions(flags),
    ...outputOptions(flags),
    ...dataOptions({...flags, map: undefined}),
    reports: flags.report ?? [],
    mapPairs: flags.map ?? [],
    ...runOptions(flags),
    ...judgeOptions(flags),
    ...budgetOptions(flags),
  }
}
