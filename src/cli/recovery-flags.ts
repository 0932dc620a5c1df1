import {Flags} from '@oclif/core'
import {UsageError} from '../errors.js'
import {integer} from './flag-types.js'
import {modelFlag} from './flags.js'
import {type TrainingFlagValues, trainingFlags, trainingOptions} from './training-flags.js'

/** The flags with which `prune` trains. */

const TRAINING = {helpGroup: 'TRAINING'}

const {reinit: _, ...shared} = trainingFlags

export const recoveryFlags = {
  ...shared,
  epochs: integer({...TRAINING, min: 0, default: 0, summary: 'times that all samples are seen; 0: no training'}),
  batch: integer({...TRAINING, min: 1, summary: 'samples per update [default: 64]'}),
  schedule: Flags.option({
    ...TRAINING,
    options: ['oneshot', 'cubic'] as const,
    summary:
      'when weights go: all at once, or more and more of them while the others learn [default: cubic with --epochs]',
  })(),
  teacher: modelFlag({
    ...TRAINING,
    summary: 'a model to learn from, beside labels or in their place; the dense one where there are no labels',
  }),
}

interface RecoveryFlagValues extends Omit<TrainingFlagValues, 'schedule' | 'reinit'> {
  readonly schedule?: 'oneshot' | 'cubic' | undefined
  readonly teacher?: string | undefined
}

/**
 * @param isGiven whether a flag was typed, not filled in.
 * @param argv the command, to say how to go on after an interruption.
 * @returns undefined when nothing is trained.
 * @throws UsageError for flags of a training without `--epochs`.
 */
export function recoveryOptions(
  flags: RecoveryFlagValues,
  isGiven: (name: string) => boolean,
  argv: readonly string[],
) {
  const {epochs, schedule, teacher} = flags
  if (epochs === 0) {
    requireNone(flags, isGiven)
    return undefined
  }
  const training = trainingOptions({...flags, schedule: 'cosine', reinit: false})
  return {...training, argv, teacher, pace: schedule ?? ('cubic' as const)}
}

function requireNone(flags: RecoveryFlagValues, isGiven: (name: string) => boolean): void {
  const given = new Map<string, unknown>(Object.entries(flags))
  const harmless = ['epochs', 'batch', 'metric', 'output-name', ...(flags.schedule === 'oneshot' ? ['schedule'] : [])]
  const first = Object.keys(recoveryFlags).find((name) => {
    return !harmless.includes(name) && given.get(name) !== undefined && given.get(name) !== false && isGiven(name)
  })
  if (first === undefined) return
  throw new UsageError(`--${first}: expected --epochs with it, got none: nothing is trained`, {hint: 'Add --epochs 5'})
}
