import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Change} from '../../passes/pass.js'
import {isPackedType} from '../../passes/quantize/numbers/weight-type.js'
import type {Edit} from '../../passes/quantize/plan/plan.js'
import type {QuantizeMode} from '../../passes/quantize/plan/target.js'
import {quantizeReport} from '../../report/quantize-report.js'
import type {QuantizeResult, Warning} from '../../results.js'
import {checkReports, writeReports} from '../reports/write-reports.js'
import {commandLine} from '../transform/command-line.js'
import {type OpenWork, openWork} from '../transform/open-work.js'
import {type Changed, proveAndWrite} from '../transform/prove-and-write.js'
import {BiasErrors} from './bias-errors.js'
import {chooseDraft} from './choose-draft.js'
import {type Draft, planOfDraft, roundingOf, type Written, writingOf} from './draft.js'
import {hasHalfRest} from './has-half-rest.js'
import {requireForms} from './plan-file.js'
import {executePlan} from './quantize-model.js'
import {quantizeRemedy} from './quantize-remedy.js'
import {type OpenStudio, openStudio} from './studio.js'
import {withName} from './with-name.js'

type Own = QuantizeOptions['quantize']

/** Reads a model, makes its numbers smaller, writes it, and proves with ONNX Runtime what that did. */
export async function quantize(path: string, options: QuantizeOptions, effects: Effects): Promise<QuantizeResult> {
  const own = settled(options)
  requireSense(own)
  const {reports} = own.output
  await checkReports(reports)
  const chosen = withName(path, own)
  const work = await openWork(path, {command: 'quantize', suffix: suffixOf(chosen.quantize)}, chosen, effects)
  try {
    const result = await proveAndWrite(work, await change(work, chosen, effects))
    const document = quantizeReport(result, commandLine(effects.commandLine ?? []))
    await writeReports(reports, {document, result})
    return result
  } finally {
    work.file.close()
  }
}

/** What MatMulNBits of ONNX Runtime 1.30 loads with on the CPU. */
const RUNTIME_BLOCKS: readonly number[] = [16, 32, 64, 128, 256]

export function requireSense({quantize: options, data}: QuantizeOptions): void {
  const {mode, weights, format, blockSize, tune: isTuned} = options
  requireRounding(options, data.samples !== undefined)
  const onlyStored = ['weights', 'float16'].includes(chosenMode(options))
  if (isTuned && onlyStored) {
    throw new UsageError(`--tune: expected a mode with alternatives to time, got --mode ${chosenMode(options)}`, {
      hint: 'Leave --tune out: such files compute in float, as the input does',
    })
  }
  if (mode === 'static' && data.samples === undefined) {
    throw new UsageError('--mode static: expected --data with samples to calibrate on, got none', {
      hint: 'Give --data FILE, or use --mode dynamic, which needs no samples',
    })
  }
  requireHalves(options)
  if (isPackedType(weights) && (mode === 'static' || mode === 'dynamic')) {
    throw new UsageError(`--weights ${weights}: expected --mode weights or float16 with it, got --mode ${mode}`, {
      hint: 'ONNX Runtime has integer kernels for 8 bits only; 4-bit weights compute in float',
    })
  }
  if (format === 'ort' && !RUNTIME_BLOCKS.includes(blockSize)) {
    throw new UsageError(`--block-size ${blockSize}: expected ${RUNTIME_BLOCKS.join(', ')} with --format ort`, {
      hint: 'The kernels of ONNX Runtime take blocks of these sizes alone; --format qdq takes any',
    })
  }
}

/** @throws UsageError for what nothing would come of in float16. */
function requireHalves(own: Own): void {
  const {mode, weights, format, overrides, naming} = own
  if (mode !== 'float16') return
  if (format === 'qoperator') {
    throw new UsageError('--format qoperator: expected integer arithmetic with it, got --mode float16', {
      hint: 'Leave --format out; with --weights int4, --format ort writes the operators of ONNX Runtime',
    })
  }
  const integers = overrides.find(({to}) => !to.startsWith('float'))
  if (!hasHalfRest(own) && integers) {
    throw new UsageError(
      `--override ${integers.pattern}=${integers.to}: expected float or float16 in a float16 model`,
      {
        hint: 'Give --weights int4 or uint8 too: then weights are integers, and all else computes in float16',
      },
    )
  }
  if (naming === 'transformers.js' && hasHalfRest(own) && !isPackedType(weights)) {
    throw new UsageError(`--naming transformers.js: expected 4-bit weights in a float16 model, got ${weights}`, {
      hint: 'That library has a name for --weights int4 and uint4 there, q4f16, and none for 8 bits',
    })
  }
}

/** Ways to round are for 4 bits, and some look at what weights are multiplied with. */
function requireRounding({rounding, weights, usePlan}: Own, hasData: boolean): void {
  if (rounding === 'auto') return
  if (!isPackedType(weights) && usePlan === undefined) {
    throw new UsageError(`--rounding ${rounding}: expected 4-bit weights with it, got --weights ${weights}`, {
      hint: 'Add --weights int4; weights of 8 bits are rounded to the nearest, which costs next to nothing',
    })
  }
  if (!hasData && (rounding === 'gptq' || rounding === 'awq')) {
    throw new UsageError(`--rounding ${rounding}: expected --data with samples to look at, got none`, {
      hint: 'Give --data FILE, or use --rounding scale, which needs no samples',
    })
  }
}

/** The options with what some of them say of others: an average of bits means 4-bit weights, and these leave the mode no choice. */
export function settled(options: QuantizeOptions): QuantizeOptions {
  const {bits, weights} = options.quantize
  const own = {...options.quantize, weights: bits === undefined || isPackedType(weights) ? weights : 'int4'} as const
  return {...options, quantize: {...own, mode: chosenMode(own)}}
}

/** 4-bit weights, and the runtime's block operators, leave `auto` nothing to choose. */
function chosenMode({mode, weights, format}: Own): QuantizeMode {
  return mode === 'auto' && (isPackedType(weights) || format === 'ort') ? 'weights' : mode
}

function suffixOf(own: Own): string {
  const bits = isPackedType(own.weights) ? 4 : 8
  if (own.mode !== 'float16') return `int${bits}`
  return hasHalfRest(own) ? `q${bits}f16` : 'fp16'
}

type Facts = Pick<QuantizeResult, 'mode' | 'cpu' | 'calibration' | 'rounding' | 'tried' | 'searched' | 'tuned'>

async function change(opened: OpenWork, options: QuantizeOptions, effects: Effects): Promise<Changed<Facts>> {
  const own = options.quantize
  const studio = await openStudio(opened, options, effects)
  return withTempFolder(async (folder) => {
    const chosen = await chooseDraft(studio, opened, {maxDrop: opened.budget?.maxDrop, folder})
    const {draft, tried, searched, tuned, written, measured} = chosen
    const {plan, ranges} = await planOfDraft(studio, draft)
    if (studio.plan) requireForms(studio.plan, plan, studio.prepared.target, own.usePlan ?? '')
    const isStatic = plan.spans.compute.size > 0
    const biases = await biasesOf(studio, draft, folder, written)
    const report = await executePlan(studio.prepared, plan, ranges, {
      ...(await writingOf(studio, draft, plan)),
      biasErrors: biases?.used,
    })
    const mode = modeOf(own.mode, report.changed)
    const calibration = isStatic ? draft.calibration : null
    const rounding = roundingOf(studio, draft, plan)
    const edits = [...(draft.overrides ?? []), ...draft.edits].map(asRecord)
    return {
      report,
      facts: {
        mode,
        cpu: studio.cpu.name,
        calibration,
        rounding,
        tried: [...tried],
        searched: [...searched],
        tuned: tuned && [...tuned],
      },
      chosen: {
        ...(own.calibration === 'auto' && isStatic && {calibration}),
        ...(own.rounding === 'auto' && rounding !== null && {rounding}),
        ...(draft.blockSize !== undefined && {blockSize: draft.blockSize}),
        ...(edits.length > 0 && {edits}),
      },
      remedy: quantizeRemedy(options, mode),
      measured,
      ...(studio.learn && {timedBatch: own.forBatch}),
      peakRssBytes: Math.max(0, biases?.measured.peakRssBytes ?? 0, ...studio.peaks()),
      warnings: [...studio.warnings(), ...dataAdvice(options), ...chosen.warnings],
    }
  })
}

/** What was measured for the biases of the draft, or what measures it now. */
async function biasesOf(studio: OpenStudio, {calibration}: Draft, folder: string, written: Written | undefined) {
  const {learn, options, effects, prepared} = studio
  const known = written?.biasErrors
  if (known) return {measured: known, used: {keep: async () => {}, measure: async () => known.errors}}
  if (!learn) return undefined
  const measured = new BiasErrors(prepared.model, learn, options, calibration, effects, folder)
  return {measured, used: measured}
}

/** An edit of named nodes, for the record. */
function asRecord({match, to}: Edit): {readonly nodes: readonly string[]; readonly to: string} {
  return {nodes: 'nodes' in match ? [...match.nodes] : [], to}
}

/** What `auto` came to: the form of some layer, the fastest one named. */
function modeOf(mode: Own['mode'], changed: readonly Change[]): string {
  if (mode !== 'auto') return mode
  return (['static', 'dynamic'] as const).find((one) => changed.some(({form}) => form === one)) ?? 'weights'
}

/** A model without data could be faster still. */
export function dataAdvice({data, quantize: {mode}}: QuantizeOptions): Warning[] {
  if (data.samples !== undefined || mode !== 'auto') return []
  const message = 'no --data: activations are quantized at run time or stay float'
  const hint = '--data FILE with about 100 samples turns on static quantization, the fastest form for CNNs'
  return [{code: 'NO_DATA', message, hint}]
}
