"""Exports torchvision nets with random weights into the folder given: structure and size only. Needs torch, torchvision and onnx."""

import sys

import torch
import torchvision

for name in sys.argv[2:]:
    torch.manual_seed(0)
    net = getattr(torchvision.models, name)(weights=None).eval()
    axes = {"input": {0: "N"}, "logits": {0: "N"}}
    torch.onnx.export(
        net,
        torch.zeros(1, 3, 224, 224),
        f"{sys.argv[1]}/{name}.onnx",
        opset_version=13,
        input_names=["input"],
        output_names=["logits"],
        dynamic_axes=axes,
    )
