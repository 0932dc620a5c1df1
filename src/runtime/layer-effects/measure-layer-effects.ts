import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {OpenedModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch, writeVariant} from '../../io/write-variant.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {ask} from '../child/ask.js'
import type {RunControl} from '../child/run-control.js'
import {task} from '../child/task.js'
import {cut, expose, roundedTwin} from '../layer-errors/cut-layers.js'
import type {SessionSettings} from '../session/session-settings.js'
import type {EffectLayer} from './layer-effects-task.js'
import type {Yardstick} from './probe.js'

const LAYER_EFFECTS = task<typeof import('./layer-effects-task.js').layerEffects>(
  'runtime/layer-effects/layer-effects-task',
  'layerEffects',
  {leavesNothing: true},
)

/** A model that gives the gradients of a weighted sum of another's outputs. */
export interface WeighedGradients {
  readonly model: Model
  /** Output of the other to the input that takes the weights of its elements. */
  readonly weights: ReadonlyMap<string, string>
  /** Tensor inside to the output with its gradient; those that reach no output are missing. */
  readonly gradients: ReadonlyMap<string, string>
}

/** Names of a layer's result, float32, in both files. */
export interface LayerResult {
  readonly float: string
  readonly quantized: string
  /** In the file before: what the result becomes on its way to where it is quantized, by an activation; itself when absent. */
  readonly activated?: string | undefined
}

export interface LayerEffectsOptions extends RunControl {
  /** Files of the same model before and after. */
  readonly float: string
  readonly quantized: string
  /** Of the model before. */
  readonly gradients: WeighedGradients
  readonly layers: readonly LayerResult[]
  readonly yardstick: Yardstick
  readonly data: DataSpec
  readonly seed: number
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Estimates what the error of each quantized layer alone does to the outputs, all in one pass over the data.
 *
 * @returns one number per layer: the KL divergence of classes per row, nats, or noise ÷ signal of the outputs.
 * @throws as `evaluate`.
 */
export async function measureLayerEffects(
  settings: SessionSettings,
  {layers, gradients: {model, weights, gradients}, data, yardstick, seed, ...options}: LayerEffectsOptions,
): Promise<readonly number[]> {
  return withTempFolder(async (folder) => {
    const paths = {gradients: join(folder, 'gradients.onnx'), float: join(folder, 'float.onnx')}
    await writeScratch(model, paths.gradients, {externalData: 'always'})
    const apart = {externalData: 'always'} as const
    const names = new Set(layers.flatMap(({float, activated = float}) => [float, activated]))
    await writeVariant(options.float, paths.float, (file) => expose(file.model.graph, [...names]), apart)
    const quantized = join(folder, 'quantized.onnx')
    const change = (file: OpenedModel) => cutLayers(file.model.graph, layers)
    const measured = (await writeVariant(options.quantized, quantized, change, apart)).map((layer) => {
      return {...layer, gradient: gradients.get(layer.before)}
    })
    const request = {...paths, quantized, layers: measured, weights, yardstick, settings, data, seed}
    return (await ask(LAYER_EFFECTS, request, 'estimating what layers do', options)).output
  })
}

/** Every layer reads the float model's tensors, and its own result is rounded as it is where others read it. */
function cutLayers(graph: Graph, layers: readonly LayerResult[]): Omit<EffectLayer, 'gradient'>[] {
  const inputs = cut(
    graph,
    layers.map(({quantized}) => quantized),
  )
  return layers.map(({float, quantized, activated = float}, i) => {
    const input = inputs[i] as string
    const rounded = roundedTwin(graph, quantized, input)
    return {float, input, after: rounded ?? quantized, before: rounded === undefined ? float : activated}
  })
}
