import {encodeModel} from '../../io/encode-model.js'
import type {Model} from '../../ir/model.js'
import {type Tensor, tensorOf} from '../../ir/tensor.js'
import type {RunControl} from '../child/run-control.js'
import {type RuntimeChild, startChild} from '../child/start-child.js'
import {task} from '../child/task.js'

const FOLD = task<typeof import('./fold-task.js').fold>('runtime/fold/fold-task', 'fold')

/** A child process that computes constants; it starts with the first question and answers all of them. */
export class ConstantFolder {
  #child: RuntimeChild | undefined

  constructor(private readonly control: RunControl = {}) {}

  /** The outputs of a model without inputs, in order, or why ONNX Runtime refuses it. @throws MachineError, InterruptedError. */
  readonly evaluate = async (
    model: Model,
  ): Promise<{readonly tensors: readonly Tensor[]} | {readonly refused: string}> => {
    this.#child ??= startChild('computing constants', this.control)
    const outputs = model.graph.outputs.map(({name}) => name)
    const {output: reply} = await this.#child.request(FOLD, {model: encodeModel(model), outputs})
    if ('refused' in reply) return reply
    return {tensors: reply.tensors.map(({dtype, shape, data}) => tensorOf(dtype, shape, data))}
  }

  /** Ends the child, if there is one. */
  async close(): Promise<void> {
    await this.#child?.close()
  }
}
