import {join} from 'node:path'
import type {DataSpec} from '../data/dataset.js'
import {BugError} from '../errors.js'
import {openModel} from '../io/open-model.js'
import {writeModel} from '../io/write-model.js'
import type {Graph} from '../ir/graph.js'
import type {Value} from '../ir/value.js'
import {runTask} from './run-task.js'
import type {RunControl, SessionSettings} from './session-settings.js'
import type {MeasuredLayer} from './tasks/layer-errors.js'
import {withTempFolder} from './temp-folder.js'

export interface LayerErrorsOptions extends RunControl {
  /** Files of the same model before and after; layers by the names of their results, float32 `[N, channels, …]`, in both. */
  readonly float: string
  readonly quantized: string
  readonly layers: readonly Omit<MeasuredLayer, 'input'>[]
  readonly data: DataSpec
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface LayerErrors {
  /** Mean of quantized − float by channel, by the layer's name in the float model; 0 where too few values are inside. */
  readonly errors: ReadonlyMap<string, Float32Array>
  readonly peakRssBytes: number
}

/**
 * The mean error that each quantized layer makes by itself: the quantized model is cut behind every layer, and what comes next reads
 * the float model's result.
 *
 * @throws as `evaluate`.
 */
export async function measureLayerErrors(
  settings: SessionSettings,
  {layers, data, ...options}: LayerErrorsOptions,
): Promise<LayerErrors> {
  return withTempFolder(async (folder) => {
    const [float, quantized] = [join(folder, 'float.onnx'), join(folder, 'quantized.onnx')]
    await rewrite(options.float, float, (graph) => expose(graph, layers))
    let measured: MeasuredLayer[] = []
    await rewrite(options.quantized, quantized, (graph) => {
      measured = cut(graph, layers)
    })
    const request = {float, quantized, layers: measured, settings, data}
    const {errors, peakRssBytes} = await runTask('layerErrors', request, 'correcting biases', {
      ...options,
      isFrugal: true,
    })
    return {errors: new Map(layers.map(({float: name}, i) => [name, errors[i] as Float32Array])), peakRssBytes}
  })
}

async function rewrite(source: string, target: string, change: (graph: Graph) => void): Promise<void> {
  const opened = await openModel(source)
  try {
    change(opened.model.graph)
    await writeModel(opened.model, target, {force: false, externalData: 'always'})
  } finally {
    opened.close()
  }
}

function expose(graph: Graph, layers: LayerErrorsOptions['layers']): void {
  for (const {float} of layers) {
    const value = valueNamed(graph, float)
    if (!value.isOutput) graph.addOutput(value)
  }
}

function cut(graph: Graph, layers: LayerErrorsOptions['layers']): MeasuredLayer[] {
  return layers.map((layer) => {
    const value = valueNamed(graph, layer.quantized)
    const input = graph.addInput(`${value.name}_float`, {kind: 'tensor', dtype: 'float32', shape: undefined})
    for (const use of [...value.uses]) if ('node' in use) use.node.graph.setInput(use.node, use.index, input)
    if (!value.isOutput) graph.addOutput(value)
    return {...layer, input: input.name}
  })
}

function valueNamed(graph: Graph, name: string): Value {
  for (const node of graph.nodes()) {
    const value = node.outputs.find((output) => output?.name === name)
    if (value) return value
  }
  throw new BugError(`errors of '${name}': the graph has no such tensor`)
}
