import {mkdtemp} from 'node:fs/promises'
import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {RuntimeRefusedError} from '../../errors.js'
import {type Verdict, verdictOn} from '../../judge/verdict.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import {isPackedType} from '../../passes/quantize/numbers/weight-type.js'
import {halfWeights, type SaferStep, saferArithmetic, saferWeights} from '../../passes/quantize/plan/safer-steps.js'
import type {Tried} from '../../results.js'
import type {CalibrationMethod} from '../../runtime/calibrate/calibrate.js'
import {comparedSamples} from '../transform/compared-samples.js'
import {AUTO_METHODS} from './calibration.js'
import {type Draft, planOfDraft, type Studio, type Written, writeDraft} from './draft.js'
import {fidelityOfDraft} from './fidelity-of-draft.js'
import {type HeldBack, MOST_JUDGED} from './held-back.js'

/** Half of what the proof may cost: there are several drafts. 1.5e10 multiply-accumulates are under a second of one core. */
const LIMITS = {most: MOST_JUDGED, affordableMacs: 1.5e10}

/** A draft that was tried, and what it kept. */
export interface Attempt {
  readonly draft: Draft
  readonly what: string
  readonly verdict: Verdict
  readonly written: Written
}

export interface Guarded {
  readonly chosen: Attempt
  readonly tried: readonly Tried[]
}

/**
 * Tries drafts in a fixed order, from the fastest towards the safest, until one keeps the answers of the float model: ranges by minmax,
 * mse and percentile; then layers in float arithmetic with integer weights, more and more; of 4-bit weights, the smallest layers in 8 bits. The
 * first that passes is kept; where none does, the one that keeps most. 4-bit weights that were asked for are given up only where they lose
 * several times of what may be lost.
 *
 * @param reference path of the float model.
 * @param judge samples to judge on.
 * @param folder for files, removed by the caller.
 */
export async function guard(
  studio: Studio,
  first: Draft,
  {reference, judge, folder}: {readonly reference: string; readonly judge: HeldBack['judge']; readonly folder: string},
): Promise<Guarded> {
  const attempts: Attempt[] = []
  const samples = await judgedSamples(reference, studio.options.run)
  const attempt = async (what: string, draft: Draft): Promise<Attempt> => {
    studio.effects.signal.throwIfAborted()
    studio.effects.progress(`trying ${what}`, attempts.length, 0)
    const written = await writeDraft(studio, draft, await mkdtemp(join(folder, 'draft-')))
    const made = {draft, what, written, verdict: await judgeDraft(studio, reference, written.path, {judge, samples})}
    attempts.push(made)
    return made
  }
  for await (const _ of inOrder(studio, first, attempts, attempt)) if (attempts.at(-1)?.verdict.passed) break
  const isOfFourBits = isPackedType(studio.options.quantize.weights)
  const passed = attempts.find(({verdict}) => verdict.passed) ?? (isOfFourBits ? borne(attempts) : undefined)
  const chosen = passed ?? attempts.reduce((best, one) => (one.verdict.loss < best.verdict.loss ? one : best))
  return {chosen, tried: attempts.map((one) => triedOf(one, one === chosen))}
}

/** Of what may be lost, what is borne before 4-bit weights that were asked for become larger ones: 5 %, or 10, where 2 may be lost. */
const BORNE = [2.5, 5]

/** The first that loses least in steps of what is borne; undefined where all lose more. A warning says what is lost. */
function borne(attempts: readonly Attempt[]): Attempt | undefined {
  const within = (most: number) => attempts.find(({verdict: {loss}}) => loss <= most + 1e-9)
  return BORNE.map(within).find((one) => one !== undefined)
}

/**
 * One attempt after the other; the caller stops when it has seen enough.
 *
 * @param attempts all so far: `attempt` adds to them.
 */
async function* inOrder(
  studio: Studio,
  first: Draft,
  attempts: readonly Attempt[],
  attempt: (what: string, draft: Draft) => Promise<Attempt>,
): AsyncGenerator<Attempt> {
  const {plan} = await planOfDraft(studio, first)
  const isStatic = plan.spans.compute.size > 0
  const ranged: Attempt[] = []
  for (const calibration of isStatic ? methodsOf(studio.options) : [first.calibration]) {
    const made = await attempt(isStatic ? `ranges by ${calibration}` : 'the rules', {...first, calibration})
    ranged.push(made)
    yield made
  }
  const {calibration} = ranged.reduce((best, one) => (one.verdict.loss < best.verdict.loss ? one : best)).draft
  const {graph} = studio.prepared.model
  const isFree = studio.options.quantize.mode !== 'static'
  const steps = [
    ...saferArithmetic(graph, plan, isFree),
    ...saferWeights(plan, first.blockSize ?? studio.writing.blockSize),
    ...(isFree ? halfWeights(plan) : []),
  ]
  const by = isStatic ? `, ranges by ${calibration}` : ''
  for (const step of steps) {
    if (step.isOtherSize && borne(attempts)) return
    yield attempt(`${step.what}${by}`, safer({...first, calibration}, step))
  }
}

function safer(draft: Draft, {edits, blockSize}: SaferStep): Draft {
  return {...draft, edits: [...edits, ...draft.edits], ...(blockSize !== undefined && {blockSize})}
}

function methodsOf({quantize: {calibration}}: QuantizeOptions): readonly CalibrationMethod[] {
  return calibration === 'auto' ? AUTO_METHODS : [calibration]
}

/** How much of the float model's answers a file keeps: on the set of samples where it keeps least, all only if those held back pass. */
export async function judgeDraft(
  studio: Studio,
  reference: string,
  path: string,
  {judge, samples}: {readonly judge: HeldBack['judge']; readonly samples: number},
): Promise<Verdict> {
  const verdicts: Verdict[] = []
  for (const [i, spec] of judge.entries()) {
    verdicts.push(await judgeOn(studio, [reference, path], spec, {samples, isSmall: i < judge.length - 1}))
    if (!verdicts.at(-1)?.passed) break
  }
  return verdicts.reduce((worst, one) => (one.loss > worst.loss || !one.passed ? one : worst))
}

async function judgeOn(
  studio: Studio,
  [reference, path]: readonly [string, string],
  spec: DataSpec,
  {samples, isSmall}: {readonly samples: number; readonly isSmall: boolean},
): Promise<Verdict> {
  try {
    return verdictOn(await fidelityOfDraft(studio, reference, path, {spec, samples}), isSmall)
  } catch (error) {
    // a draft that the runtime refuses keeps nothing; the next one may
    if (error instanceof RuntimeRefusedError && error.refusal.path === path) return REFUSED
    throw error
  }
}

const REFUSED: Verdict = {passed: false, loss: Number.POSITIVE_INFINITY, output: null}

/** How many samples a draft is judged on: many where they cost little. */
export function judgedSamples(path: string, run: QuantizeOptions['run']): Promise<number> {
  return comparedSamples(path, run, LIMITS)
}

/** An attempt as results show it. */
export function triedOf({what, verdict: {passed, output}}: Attempt, isChosen: boolean): Tried {
  const {name = null, kind = null, measure = null, value = null, floor = null, sqnrDb = null} = output ?? {}
  return {what, passed, chosen: isChosen, output: name, kind, measure, value, floor, sqnrDb}
}
