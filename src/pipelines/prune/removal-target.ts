import {UsageError} from '../../errors.js'
import type {RemovalTarget} from '../../passes/prune/removal/plan-removal.js'

/** `macs=0.5`, `size=50%`. @throws UsageError for anything else. */
export function parseTarget(text: string): RemovalTarget {
  const [, of, number, percent] = /^(macs|size)=(\d*\.?\d+)(%?)$/.exec(text) ?? []
  const share = Number(number) / (percent ? 100 : 1)
  if ((of === 'macs' || of === 'size') && share > 0 && share <= 1) return {of, share}
  throw new UsageError(`--target: expected a share of the input such as macs=0.5 or size=50%, got '${text}'`)
}
