import {UsageError} from '../errors.js'
import {recovery} from '../options/prune.js'
import {flagNamesOf} from './flags-of.js'

/** They say how results are judged as well. */
const HARMLESS: ReadonlySet<string> = new Set(['epochs', 'batch'])

/**
 * Without `--epochs` nothing is trained, and flags of a training mean a mistake.
 *
 * @param flags as parsed.
 * @param isGiven whether a flag was typed, not filled in.
 * @throws UsageError for flags of a training without `--epochs`.
 */
export function requireEpochs(flags: Readonly<Record<string, unknown>>, isGiven: (name: string) => boolean): void {
  if (flags.epochs !== 0) return
  const isHarmless = (name: string) => HARMLESS.has(name) || (name === 'schedule' && flags.schedule === 'oneshot')
  const first = flagNamesOf(recovery).find((name) => {
    const value = new Map(Object.entries(flags)).get(name)
    return !isHarmless(name) && value !== undefined && value !== false && isGiven(name)
  })
  if (first === undefined) return
  throw new UsageError(`--${first}: expected --epochs with it, got none: nothing is trained`, {hint: 'Add --epochs 5'})
}
