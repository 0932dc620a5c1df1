import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession} from 'onnxruntime-node'
import {openModel} from '../../src/io/open-model.js'
import {evaluateDim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'
import {inferModel, opsetOf} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {lookup} from '../../src/ops/registry.js'
import {exposeAll, runGraph, sampleTensor} from '../support/run-graph.js'

const MODELS = 'fixtures/models'
const SIZES = {N: 2, batch: 2, seq: 5}

describe('inferModel on what ONNX Runtime makes of real models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-optimized-'))
  after(() => rmSync(folder, {recursive: true}))

  for (const file of readdirSync(MODELS).filter((name) => name.endsWith('.onnx'))) {
    it(`knows every operator in the optimized ${file}, and nothing wrong`, async () => {
      const optimized = join(folder, file)
      const session = await InferenceSession.create(join(MODELS, file), {
        graphOptimizationLevel: 'all',
        optimizedModelFilePath: optimized,
        logSeverityLevel: 4,
      })
      await session.release()
      const {model, close} = await openModel(optimized)
      const values = exposeAll(model)
      for (const value of values) value.type = undefined
      const feeds = model.graph.inputs.map((input) => {
        const dims = (shapeOf(input) ?? []).map((size) => evaluateDim(size, SIZES) as number)
        return [input.name, sampleTensor(dtypeOf(input) ?? 'float32', dims, 2)] as const
      })
      const results = await runGraph(model, Object.fromEntries(feeds))
      inferModel(model)

      for (const node of model.graph.allNodes())
        expect(lookup(node, opsetOf(node, model)), `${node.domain} ${node.opType}`).to.not.equal(undefined)
      for (const value of values) {
        expect(dtypeOf(value), value.name).to.equal(results[value.name]?.type as DType)
        const inferred = shapeOf(value)?.map((size) => evaluateDim(size, SIZES))
        expect(inferred, value.name).to.deep.equal(
          results[value.name]?.dims.map((size, axis) => (inferred?.[axis] === undefined ? undefined : size)),
        )
      }
      close()
    })
  }
})
