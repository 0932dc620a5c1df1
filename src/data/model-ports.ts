import type {Model} from '../ir/model.js'
import type {InputPort} from './dataset.js'

/** The inputs of a model that data is to fill. Those that hold no tensor are left to the runtime to refuse. */
export function portsOf(model: Model): InputPort[] {
  return model.graph.inputs.flatMap(({name, type, constant}) => {
    if (constant || type?.kind !== 'tensor' || !type.dtype) return []
    return [{name, dtype: type.dtype, shape: type.shape}]
  })
}
