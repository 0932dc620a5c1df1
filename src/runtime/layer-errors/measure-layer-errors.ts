import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Range} from '../calibrate/calibrate-task.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import type {SessionSettings} from '../session/session-settings.js'
import {cut, expose} from './cut-layers.js'
import type {MeasuredLayer} from './layer-errors-task.js'

const LAYER_ERRORS = task<typeof import('./layer-errors-task.js').layerErrors>(
  'runtime/layer-errors/layer-errors-task',
  'layerErrors',
  {leavesNothing: true},
)

export interface LayerErrorsOptions extends RunControl {
  /** Files of the same model before and after; layers by the names of their results, float32 `[N, channels, …]`, in both. */
  readonly float: string
  readonly quantized: string
  readonly layers: readonly Omit<MeasuredLayer, 'input' | 'floatInput'>[]
  /** Where tensors of the float model, by name, saturate in the quantized one; nowhere when absent. */
  readonly saturation?: ReadonlyMap<string, Range> | undefined
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
 * the float model's result. Where its integers saturate, it is held against the float model cut behind every layer and cut off at the
 * same values: what is clipped on purpose is no error of a mean.
 *
 * @throws as `evaluate`.
 */
export async function measureLayerErrors(
  settings: SessionSettings,
  {layers, data, saturation, ...options}: LayerErrorsOptions,
): Promise<LayerErrors> {
  return withTempFolder(async (folder) => {
    const [float, quantized] = [join(folder, 'float.onnx'), join(folder, 'quantized.onnx')]
    await rewrite(options.float, float, (graph) =>
      expose(
        graph,
        layers.map(({float: name}) => name),
      ),
    )
    let inputs: string[] = []
    await rewrite(options.quantized, quantized, (graph) => {
      inputs = cut(
        graph,
        layers.map((layer) => layer.quantized),
      )
    })
    const saturated = saturation && join(folder, 'saturated.onnx')
    let floatInputs: string[] = []
    if (saturated) {
      await rewrite(options.float, saturated, (graph) => {
        saturate(graph, saturation)
        floatInputs = cut(
          graph,
          layers.map((layer) => layer.float),
        )
      })
    }
    const measured = layers.map((layer, i) => ({...layer, input: inputs[i] as string, floatInput: floatInputs[i]}))
    const request = {float, quantized, saturated, layers: measured, settings, data}
    const {output, peakRssBytes} = await ask(LAYER_ERRORS, request, 'correcting biases', options)
    return {errors: new Map(layers.map(({float: name}, i) => [name, output[i] as Float32Array])), peakRssBytes}
  })
}

async function rewrite(source: string, target: string, change: (graph: Graph) => void): Promise<void> {
  await writeVariant(source, target, ({model}) => change(model.graph), {externalData: 'always'})
}

/** Cuts tensors off at the ends of their ranges, for all that read them. */
function saturate(graph: Graph, saturation: ReadonlyMap<string, Range>): void {
  const values = [...graph.inputs, ...graph.nodes().flatMap(({outputs}) => outputs)]
  for (const value of values) {
    const range = value && saturation.get(value.name)
    if (!value || !range) continue
    const first = value.producer ? graph.nextOf(value.producer) : graph.nodes()[0]
    const readers = [...value.uses]
    const build = new GraphBuilder(graph, first ? {before: first} : {})
    const low = build.op('Max', [value, build.scalar(range.min)])
    const inside = build.op('Min', [low, build.scalar(range.max)])
    for (const use of readers) if ('node' in use) use.node.graph.setInput(use.node, use.index, inside)
  }
}
