/** What onnxsim uses of onnxruntime-web, by onnxruntime-node. */
import ort from 'onnxruntime-node'

export const Tensor = ort.Tensor
export const InferenceSession = {
  create: (model) => ort.InferenceSession.create(model, {graphOptimizationLevel: 'disabled', logSeverityLevel: 4}),
}
