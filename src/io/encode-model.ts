import type {Model} from '../ir/model.js'
import {encode, join} from '../proto/encode.js'
import {modelProto} from './model-proto.js'

/** The whole model as one array, weights inside: for small models that are handed to a runtime without a file. */
export function encodeModel(model: Model): Uint8Array {
  return join(encode('ModelProto', modelProto(model)))
}
