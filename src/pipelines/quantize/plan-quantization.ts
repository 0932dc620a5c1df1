import {rename, rm, writeFile} from 'node:fs/promises'
import {basename} from 'node:path'
import {loadBudget} from '../../bench/budget-file.js'
import type {Effects} from '../../effects.js'
import {FileError, UsageError} from '../../errors.js'
import {openModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import {weightBytes} from '../../passes/quantize/plan/safer-forms.js'
import {sensitivityReport} from '../../report/sensitivity-report.js'
import type {QuantizePlanResult, QuantizeSensitivityResult, Warning} from '../../results.js'
import {checkReports, writeReports} from '../reports/write-reports.js'
import {commandLine} from '../transform/command-line.js'
import {type Opened, prepare} from '../transform/open-work.js'
import {chooseDraft, firstDraft} from './choose-draft.js'
import {planOfDraft, roundingOf} from './draft.js'
import {planFileText, plannedNodes, requireForms} from './plan-file.js'
import {dataAdvice, requireSense, settled} from './quantize.js'
import {layerErrors} from './sensitivity.js'
import {type OpenStudio, openStudio} from './studio.js'

/**
 * Says what `quantize` would make of each node, and why, and writes no model. With data the plan is the one that keeps the answers: its
 * drafts are tried as `quantize` tries them.
 *
 * @param target where the plan is written as a file to edit; only given back when absent.
 */
export async function planQuantization(
  path: string,
  options: QuantizeOptions,
  effects: Effects,
  target?: string,
): Promise<QuantizePlanResult> {
  return withStudio(path, options, effects, async ({studio, opened, folder, maxDrop}) => {
    const own = studio.options.quantize
    const {draft, tried, searched, warnings} = await chooseDraft(studio, opened, {maxDrop, folder})
    const {plan} = await planOfDraft(studio, draft)
    if (studio.plan) requireForms(studio.plan, plan, studio.prepared.target, own.usePlan ?? '')
    const found = {
      calibration: plan.spans.compute.size > 0 ? draft.calibration : null,
      rounding: roundingOf(studio, draft, plan),
      blockSize: draft.blockSize ?? own.blockSize,
      nodes: plannedNodes(plan, studio.prepared.model.graph),
    }
    if (target !== undefined) {
      await writePlan(target, planFileText({model: basename(path), ...found}), options.output.force)
    }
    return {
      ...{schemaVersion: 1, command: 'quantize', input: inputOf(opened), path: target ?? null},
      ...{mode: own.mode, cpu: studio.cpu.name, ...found, tried: [...tried], searched: [...searched]},
      warnings: [...openingWarnings(studio, opened), ...dataAdvice(studio.options), ...warnings],
    }
  })
}

/** Ranks the layers by what each does alone in the form that the rules plan for it. Writes nothing. */
export async function rankLayers(
  path: string,
  options: QuantizeOptions,
  effects: Effects,
): Promise<QuantizeSensitivityResult> {
  const {reports} = options.output
  await checkReports(reports, {hasPictures: true})
  const result = await withStudio(path, options, effects, async ({studio, opened, folder}) => {
    const data = opened.data.judge ?? opened.data.learn
    if (!data) {
      throw new UsageError('--sensitivity: expected samples to measure layers on, got none', {hint: 'Add --data FILE'})
    }
    const layers = await layerErrors(studio, firstDraft(studio), {reference: path, data, folder})
    return {
      ...({schemaVersion: 1, command: 'quantize'} as const),
      ...{input: inputOf(opened), mode: studio.options.quantize.mode},
      layers: layers.map(({choice: {node, form}, error, measure, output, sqnrDb}) => ({
        ...{node: node.name, op: node.opType, form, error, measure, output, sqnrDb, weightBytes: weightBytes(node)},
      })),
      warnings: openingWarnings(studio, opened),
    }
  })
  const document = sensitivityReport(result, commandLine(effects.commandLine ?? []))
  await writeReports(reports, {document, result})
  return result
}

interface Room {
  readonly studio: OpenStudio
  readonly opened: Opened
  readonly folder: string
  readonly maxDrop: number | undefined
}

/** Opens a model for plans to be made of it, and closes it. */
async function withStudio<T>(
  path: string,
  options: QuantizeOptions,
  effects: Effects,
  use: (room: Room) => Promise<T>,
): Promise<T> {
  const chosen = settled(options)
  requireSense(chosen)
  const budget = await loadBudget(chosen.budget)
  const file = await openModel(path)
  try {
    const opened = await prepare(file, chosen, {budget})
    const studio = await openStudio(opened, chosen, effects)
    return await withTempFolder((folder) => use({studio, opened, folder, maxDrop: budget?.maxDrop}))
  } finally {
    file.close()
  }
}

function inputOf({file: {path, sizeBytes}}: Opened): QuantizePlanResult['input'] {
  return {path, sizeBytes}
}

function openingWarnings(studio: OpenStudio, {model, data}: Opened): Warning[] {
  return [...model.warnings, ...data.warnings, ...studio.warnings()]
}

/** Never half a file, and none that is there without --force. */
async function writePlan(path: string, text: string, isForced: boolean): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    if (!isForced) await writeFile(path, '', {flag: 'wx'})
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, {force: true})
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsageError(`${path}: expected no file where the plan is to be written, got one`, {
        hint: 'Add --force to replace it',
      })
    }
    throw new FileError(`${path}: the plan cannot be written: ${(error as Error).message}`, {cause: error})
  }
}
