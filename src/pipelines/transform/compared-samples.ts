import type {ShapeOptions} from '../../options/common.js'
import {macsOfFile} from '../inspect/macs-of-file.js'

/** Fewest samples that outputs are compared on; a share of them has a standard error of 2 points near the floor of 98 %. */
const FEWEST = 64
/** Most: the standard error is then 0.4 points. */
const MOST = 1024
/** Multiply-accumulates to spend on each of the two models, about a second of one core. */
const AFFORDABLE_MACS = 3e10
/** Taken for a sample's work where it cannot be counted. */
const MANY_MACS = 1e9

/** What a comparison may cost, where it is not the last one. */
export interface SampleLimits {
  readonly most: number
  /** Multiply-accumulates to spend on each of the two models. */
  readonly affordableMacs: number
}

/** How many samples the outputs of a model and of what was made of it are compared on: many where they cost little. */
export async function comparedSamples(
  path: string,
  options: ShapeOptions,
  {most, affordableMacs}: SampleLimits = {most: MOST, affordableMacs: AFFORDABLE_MACS},
): Promise<number> {
  const macs = (await macsOfFile(path, options)) ?? MANY_MACS
  return Math.max(FEWEST, Math.min(most, Math.floor(affordableMacs / Math.max(1, macs))))
}
