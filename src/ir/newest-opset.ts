/** The newest opset of the standard domain that mopt knows: the newest one that ONNX Runtime 1.30 loads. */
export const MAX_OPSET = 26
