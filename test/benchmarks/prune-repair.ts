import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {DataSpec} from '../../src/data/dataset.js'
import {openModel} from '../../src/io/open-model.js'
import {writeScratch} from '../../src/io/write-variant.js'
import {copyModel} from '../../src/ir/copy-model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {specsOf} from '../../src/ops/specs-of.js'
import {findGroups} from '../../src/passes/groups/find-groups.js'
import {resizeGroups} from '../../src/passes/groups/resize-groups.js'
import {separateConstants} from '../../src/passes/groups/separate-constants.js'
import {keptUnits} from '../../src/passes/prune/removal/kept-units.js'
import {productsToRefit} from '../../src/passes/prune/repair/to-refit.js'
import {wandaScores} from '../../src/passes/prune/score/wanda.js'
import {channelEnergies} from '../../src/pipelines/prune/channel-energies.js'
import {repair} from '../../src/pipelines/prune/repair.js'
import {SILENT} from '../support/pipeline-options.js'
import {runMopt} from '../support/run-mopt.js'
import {type Task, tasks} from './accuracy/tasks.js'

/**
 * Accuracy of removed channels without training: the same width everywhere before and after the repair, and what `prune --target` makes of
 * a budget. `tsx test/benchmarks/prune-repair.ts MODEL,…` runs some.
 */

const MODELS = 'resnet8_fm_bn,cnn_fm,mobile_fm_bn,mlp_fm'
const SETTINGS = {provider: 'cpu', threads: 2, dims: {}} as const
const FULL_SET = '/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz'
const [WIDTHS, SHARES, SAMPLES] = [[0.75, 0.5, 0.3], [0.5, 0.27], 512]

const scratch = mkdtempSync(join(tmpdir(), 'mopt-repair-'))
const output = join(scratch, 'pruned.onnx')
try {
  const known = tasks(scratch, undefined)
  for (const name of (process.argv[2] ?? MODELS).split(',')) {
    const task = (await known.get(name)?.()) as Task
    const [, given = '', ...preparation] = task.data
    const samples = given.includes('fashion') && existsSync(FULL_SET) ? FULL_SET : given
    process.stdout.write(`${name}, float ${(await task.value(task.path)).toFixed(4)}\n`)
    for (const width of WIDTHS) process.stdout.write(await uniform(task, samples, preparation, width))
    for (const share of SHARES) process.stdout.write(await budgeted(task, samples, preparation, share))
  }
} finally {
  rmSync(scratch, {recursive: true})
}

async function uniform(task: Task, path: string, preparation: readonly string[], width: number): Promise<string> {
  const [, mean, , std] = preparation.map(Number)
  const preprocess = mean !== undefined && std !== undefined ? {preprocess: {mean: [mean], std: [std]}} : {}
  const data: DataSpec = {path, seed: 0, shuffle: true, limit: SAMPLES, ...preprocess}
  const file = await openModel(task.path)
  try {
    const dense = copyModel(file.model)
    inferModel(dense)
    separateConstants(dense.graph, specsOf(dense))
    const pruned = copyModel(dense)
    inferModel(pruned)
    const groups = findGroups(pruned.graph, specsOf(pruned)).filter(({blocked}) => blocked === undefined)
    await writeScratch(dense, output)
    const energies = await channelEnergies(output, groups, {settings: SETTINGS, data, effects: SILENT})
    const resizings = groups.map((group) => {
      const count = Math.max(1, Math.round(group.size * width))
      return {group, kept: keptUnits(wandaScores(group, energies), count)}
    })
    const products = productsToRefit(resizings)
    resizeGroups(resizings)
    const valueNow = async () => {
      await writeScratch(pruned, output)
      return (await task.value(output)).toFixed(4)
    }
    const removed = await valueNow()
    const start = performance.now()
    await repair(dense, pruned, products, {settings: SETTINGS, data, samples: SAMPLES, seed: 0, effects: SILENT})
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    return `  width ${width}: removed ${removed}, repaired ${await valueNow()} (${products.length} products, ${seconds} s)\n`
  } finally {
    file.close()
  }
}

async function budgeted(task: Task, data: string, preparation: readonly string[], share: number): Promise<string> {
  const flags = ['--structure', 'channel', '--target', `macs=${share}`, '--data', data, ...preparation]
  const args = ['prune', task.path, ...flags, '-o', output, '--force', '--no-time', '--json']
  const {code, stdout, stderr} = await runMopt(args)
  if (code !== 0) return `  --target macs=${share}: exit ${code}: ${stderr.trim().slice(0, 160)}\n`
  const {macs, seconds} = JSON.parse(stdout)
  const left = (macs.after / macs.before).toFixed(3)
  return `  --target macs=${share}: ${left} of the MACs, ${(await task.value(output)).toFixed(4)} (${seconds.toFixed(0)} s)\n`
}
