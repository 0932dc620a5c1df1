import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openModel} from '../../src/io/open-model.js'
import {writeScratch} from '../../src/io/write-variant.js'
import {copyGraph} from '../../src/ir/copy-graph.js'
import type {Model} from '../../src/ir/model.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {specsOf} from '../../src/ops/specs-of.js'
import {findGroups} from '../../src/passes/groups/find-groups.js'
import type {Group} from '../../src/passes/groups/group.js'
import {resizeGroups} from '../../src/passes/groups/resize-groups.js'
import {separateConstants} from '../../src/passes/groups/separate-constants.js'
import {allocate} from '../../src/passes/prune/removal/allocate.js'
import {costPrediction} from '../../src/passes/prune/removal/removal-cost.js'
import {productsToRefit} from '../../src/passes/prune/repair/to-refit.js'
import {type Energies, readersOf, wandaScores} from '../../src/passes/prune/score/wanda.js'
import {probeGroups} from '../../src/pipelines/prune/probe-groups.js'
import {repair} from '../../src/pipelines/prune/repair.js'
import {measureMoments} from '../../src/runtime/moments/measure-moments.js'
import {SILENT} from '../support/pipeline-options.js'
import {type Task, tasks} from './accuracy/tasks.js'

const SETTINGS = {provider: 'cpu', threads: 2, dims: new Map()} as never
async function energiesOf(dense: Model, groups: readonly Group[], data: object): Promise<Energies> {
  const inputs = new Map(groups.flatMap(readersOf).map(({input, node}) => [input.value.name, {input, node}]))
  const tensors = [...inputs.values()].map(({input: {value, units}, node}) => ({
    key: value.name,
    tensor: value.name,
    channels: units.length,
    ...(node.opType === 'Conv' && {
      window: {kernel: (node.inputs[1]?.constant?.shape.slice(2) ?? []).map(() => 1), attributes: {}},
    }),
  }))
  const p = join(scratch, 'dense.onnx')
  await writeScratch(dense, p)
  const {moments} = await measureMoments(p, SETTINGS, {data: {...data, limit: 512} as never, tensors, products: false})
  return new Map([...moments].map(([n, {squares}]) => [n, squares]))
}
const scratch = mkdtempSync(join(tmpdir(), 'mopt-repair-'))
const copyOf = (model: Model): Model => ({
  ...model,
  graph: copyGraph(model.graph, undefined, undefined, ({name}) => name),
  warnings: [],
})
try {
  const known = tasks(scratch, undefined)
  for (const name of (process.argv[2] ?? 'resnet8_fm_bn,cnn_fm,mobile_fm_bn,mlp_fm').split(',')) {
    const task = (await known.get(name)?.()) as Task
    const [, given = '', , mean, , std] = task.data
    const path = given.includes('fashion') ? '/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz' : given
    const data = {
      path,
      seed: 0,
      shuffle: true,
      ...(mean && std && {preprocess: {mean: [Number(mean)], std: [Number(std)]}}),
    } as never
    const file = await openModel(task.path)
    inferModel(file.model)
    const dense = copyOf(file.model)
    inferModel(dense)
    separateConstants(dense.graph, specsOf(dense))
    const float = await task.value(task.path)
    for (const width of process.env.WIDTHS ? [0.75, 0.5, 0.3] : []) {
      for (const score of ['wanda'] as const) {
        const pruned = copyOf(dense)
        inferModel(pruned)
        const groups = findGroups(pruned.graph, specsOf(pruned)).filter(({blocked}) => blocked === undefined)
        let energies: Energies | undefined
        if (score === 'wanda') {
          const inputs = new Map(groups.flatMap(readersOf).map(({input, node}) => [input.value.name, {input, node}]))
          const tensors = [...inputs.values()].map(({input: {value, units}, node}) => ({
            key: value.name,
            tensor: value.name,
            channels: units.length,
            ...(node.opType === 'Conv' && {
              window: {kernel: (node.inputs[1]?.constant?.shape.slice(2) ?? []).map(() => 1), attributes: {}},
            }),
          }))
          const p = join(scratch, 'dense.onnx')
          await writeScratch(dense, p)
          const {moments} = await measureMoments(p, SETTINGS, {
            data: {...(data as object), limit: 512} as never,
            tensors: tensors as never,
            products: false,
          })
          energies = new Map([...moments].map(([n, {squares}]) => [n, squares]))
        }
        const resizings = groups.map((group) => {
          const scores = wandaScores(group, energies)
          const count = Math.max(1, Math.round(group.size * width))
          const kept = [...scores.keys()]
            .sort((a, b) => (scores[b] as number) - (scores[a] as number))
            .slice(0, count)
            .sort((a, b) => a - b)
          return {group, kept}
        })
        const products = productsToRefit(resizings)
        resizeGroups(resizings)
        const plain = join(scratch, 'plain.onnx')
        await writeScratch(pruned, plain)
        const before = await task.value(plain)
        const start = performance.now()
        await repair(dense, pruned, products, {settings: SETTINGS, data, samples: 512, seed: 0, effects: SILENT})
        const seconds = (performance.now() - start) / 1000
        await writeScratch(pruned, plain)
        process.stdout.write(
          `${name} ${float.toFixed(4)} width ${width} ${score}: removed ${before.toFixed(4)}, repaired ${(await task.value(plain)).toFixed(4)} (${products.length} products, ${groups.length} groups) ${seconds.toFixed(1)} s\n`,
        )
      }
    }
    for (const share of process.env.WIDTHS ? [] : [0.5, 0.27]) {
      const pruned = copyOf(dense)
      inferModel(pruned)
      const find = (model: Model) =>
        findGroups(model.graph, specsOf(model)).filter(({blocked}) => blocked === undefined)
      const groups = find(pruned)
      const energies = await energiesOf(dense, groups, data)
      const reference = join(scratch, 'dense.onnx')
      const step = (size: number) => Math.max(4, 4 * Math.round(size / 64))
      const probed = groups.map((group) => ({group, step: step(group.size), scores: wandaScores(group, energies)}))
      const options = {
        settings: SETTINGS,
        data,
        samples: 512,
        seed: 0,
        effects: SILENT,
        reference,
        held: {...(data as object), offset: 512, limit: 200} as never,
        wanted: new Map() as never,
        folder: scratch,
      }
      const start = performance.now()
      const curves = await probeGroups(
        dense,
        probed,
        (copy) => {
          inferModel(copy)
          return find(copy)
        },
        options,
      )
      const probing = (performance.now() - start) / 1000
      const sized = copyOf(dense)
      inferModel(sized, {
        inputShapes: Object.fromEntries(
          sized.graph.inputs.map(({name: input, type}) => [
            input,
            ((type?.kind === 'tensor' ? type.shape : undefined) ?? []).map((size) =>
              typeof size === 'number' ? size : 1,
            ),
          ]),
        ),
      })
      const sizedGroups = find(sized)
      const predict = costPrediction(sized.graph, specsOf(sized))
      const resizingsOf = (gone: readonly number[], own = groups) =>
        probed.flatMap(({scores}, i) => {
          const group = own[i] as Group
          const ranked = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number))
          return gone[i] ? [{group, kept: ranked.slice(0, group.size - (gone[i] as number)).sort((a, b) => a - b)}] : []
        })
      const costOf = (gone: readonly number[]) => predict(resizingsOf(gone, sizedGroups)).macs ?? 0
      const whole = costOf(groups.map(() => 0))
      const gone = allocate(curves, costOf, share * whole)
      const resizings = resizingsOf(gone)
      const products = productsToRefit(resizings)
      resizeGroups(resizings)
      await repair(dense, pruned, products, options)
      const plain = join(scratch, 'plain.onnx')
      await writeScratch(pruned, plain)
      process.stdout.write(
        `${name} allocated ${share}: ${(costOf(gone) / whole).toFixed(3)} of the MACs, ${(await task.value(plain)).toFixed(4)}, gone ${gone.join(' ')} of ${groups.map(({size}) => size).join(' ')}, probing ${probing.toFixed(0)} s\n`,
      )
    }
    file.close()
  }
} finally {
  rmSync(scratch, {recursive: true})
}
