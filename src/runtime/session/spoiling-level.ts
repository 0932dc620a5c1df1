import {RuntimeRefusedError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import {type CompareOptions, compareOutputs} from '../compare/compare-outputs.js'
import type {ComparedOutput, OutputsComparison} from '../compare/compare-task.js'
import type {InputPlan} from '../inputs/plan-inputs.js'
import type {SessionSettings} from './session-settings.js'

/** The graph optimizations of ONNX Runtime that change a graph, the fewest first. Each does what those before it do, and more. */
const LEVELS = ['basic', 'extended', 'layout', 'all'] as const

/** What the runtime's optimizer does to a model that runs without it. */
export interface Spoiling {
  /** The lowest level at which it happens. */
  readonly level: (typeof LEVELS)[number]
  /** At that level the model is not taken, or outputs have other shapes or values. */
  readonly kind: 'refused' | 'shape' | 'values'
  /** What the runtime says, or what differs. */
  readonly reason: string
}

/** An element that is wrong, beside others that are right: far beyond what the rounding of fused kernels adds up to (3 % in deep nets). */
const WRONG = {rtol: 0.1, atol: 1e-6}

/** Error of 10 %: an output that is wrong as a whole. Integer kernels in place of simulated ones stay well below (30 dB and more). */
const SPOILED_DB = 20

/** Samples that are enough to see a rewrite which is wrong in general. */
const SAMPLES = 8

interface SpoilingOptions extends Omit<CompareOptions, 'candidateSettings' | 'tolerance'> {
  readonly isQuantized: boolean
}

/**
 * Holds a model, loaded at the runtime's default level, against itself with graph optimizations off, and finds the level from which on
 * it is spoiled.
 *
 * @param path of a model that runs with optimizations off on this source.
 * @param options `isQuantized` where integers are rounded inside: a single element may be far off then without being wrong.
 * @returns undefined when it is not.
 * @throws as compareOutputs, but for what the runtime refuses.
 */
export async function spoilingLevel(
  path: string,
  settings: SessionSettings,
  options: SpoilingOptions,
): Promise<Spoiling | undefined> {
  const {source, isQuantized} = options
  const tolerance = isQuantized ? undefined : WRONG
  const few = {
    ...options,
    tolerance,
    source: source.kind === 'data' ? {...source, limit: SAMPLES} : {...source, draws: drawsOf(source.plan)},
  }
  const at = (level: Spoiling['level']) => spoilingAt(level, path, settings, few)
  const usual = await at('all')
  if (!usual) return undefined
  for (const level of LEVELS.slice(0, -1)) {
    const found = await at(level)
    if (found) return found
  }
  return usual
}

/** A small input is drawn more often: what goes wrong for one element in a thousand must be among them. */
function drawsOf(plan: readonly InputPlan[]): number {
  const elements = plan.reduce((sum, {shape}) => sum + elementCount(shape), 0)
  return Math.min(64, Math.max(4, Math.ceil(4096 / Math.max(1, elements))))
}

async function spoilingAt(
  level: Spoiling['level'],
  path: string,
  settings: SessionSettings,
  options: CompareOptions,
): Promise<Spoiling | undefined> {
  const [off, on] = [withLevel(settings, 'disabled'), withLevel(settings, level)]
  try {
    const compared = await compareOutputs(path, path, off, {...options, candidateSettings: on})
    return spoiledOutput(compared, level)
  } catch (error) {
    if (!(error instanceof RuntimeRefusedError)) throw error
    return {level, kind: 'refused', reason: error.message.replaceAll(` ${path}`, '')}
  }
}

function spoiledOutput({outputs}: OutputsComparison, level: Spoiling['level']): Spoiling | undefined {
  for (const output of outputs) {
    const {name, shapes, maxAbs} = output
    if (shapes) {
      const reason = `output '${name}' has shape [${shapes.got}] where it is [${shapes.expected}] without`
      return {level, kind: 'shape', reason}
    }
    if (output.outside === 0 && !isFarOff(output)) continue
    const by = maxAbs === null ? 'is not finite' : `is off by up to ${Number(maxAbs.toPrecision(3))}`
    return {level, kind: 'values', reason: `output '${name}' ${by}`}
  }
  return undefined
}

/** Whether an output differs by more than rounding explains. */
export function isFarOff({maxAbs, sqnrDb, nonFinite}: ComparedOutput): boolean {
  if (nonFinite > 0) return true
  if (maxAbs === null || maxAbs === 0) return false
  // none beside an error: all elements of the reference are 0
  return (sqnrDb ?? Number.NEGATIVE_INFINITY) < SPOILED_DB
}

export function withLevel(
  settings: SessionSettings,
  optimization: NonNullable<SessionSettings['optimization']>,
): SessionSettings {
  return {...settings, optimization}
}
