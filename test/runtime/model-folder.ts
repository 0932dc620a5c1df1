import {encodeModel} from '../../src/io/encode-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Value} from '../../src/ir/value.js'
import type {InputSource, SessionSettings} from '../../src/runtime/session/session-settings.js'
import {DataFolder} from '../support/data-folder.js'
import {npyBytes} from '../support/npy-writer.js'

export const CPU: SessionSettings = {provider: 'cpu', threads: 1}

/** Samples of the fixtures, preprocessed as the models were trained. */
export const IMAGES = {
  path: 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
  seed: 0,
  preprocess: {mean: [0.286], std: [0.353]},
}

/** A temporary folder for models and data of one test file. */
export class ModelFolder extends DataFolder {
  /** A model file of the graph that `write` builds. */
  model(name: string, write: (build: GraphBuilder) => void, opset = 17): string {
    const graph = new Graph()
    write(new GraphBuilder(graph))
    return this.write(name, encodeModel(emptyModel(graph, opset)))
  }

  /** y = op(x) */
  unary(name: string, opType: string, shape: readonly (number | string)[] = ['N', 4]): string {
    return this.model(name, (build) => {
      build.output(build.op(opType, [build.input('x', shape)], {}, {outputs: ['y']}))
    })
  }

  /** A model whose run never ends: Loop without a trip count and with a condition that stays true. */
  endless(name: string): string {
    return this.model(name, (build) => {
      const x = build.input('x', [1])
      const body = new Graph('body', build.graph)
      const inner = new GraphBuilder(body)
      inner.input('iteration', [], 'int64')
      const goOn = inner.input('go_on', [], 'bool')
      const state = inner.input('state', [1])
      inner.output(inner.op('Identity', [goOn]))
      inner.output(inner.op('Cos', [state]))
      build.output(build.op('Loop', [undefined, build.scalar(1, 'bool'), x], {body}, {outputs: ['y']}))
    })
  }

  /** float32 rows as an .npy file. */
  rows(name: string, shape: readonly number[], values: ArrayLike<number>): string {
    const data = Float32Array.from(values)
    return this.write(name, npyBytes({descr: '<f4', shape, data: new Uint8Array(data.buffer)}))
  }
}

/** Synthetic normal values for one float input. */
export function normalInput(shape: readonly number[], name = 'x'): InputSource {
  return {kind: 'synthetic', seed: 0, plan: [{name, dtype: 'float32', shape, fill: {kind: 'normal'}}]}
}

/** Whether a process is there. */
export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Polls until the condition holds; tests time out otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

export function named(value: Value | undefined): string {
  return value?.name ?? ''
}
