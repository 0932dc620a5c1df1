"""Exports torchvision's architectures with random weights for test/full/torchvision-groups.test.ts.

python3 test/full/export-torchvision.py FOLDER [NAME...]; needs torch and torchvision (Debian: python3-torchvision).
Batch norms get random statistics, so that every channel differs from the others and a fault shows.
"""
import os
import sys

import torch
import torchvision

NAMES = """alexnet vgg11_bn resnet18 resnet50 wide_resnet50_2 resnext50_32x4d densenet121 squeezenet1_1 mobilenet_v2
mobilenet_v3_small mnasnet1_0 efficientnet_b0 shufflenet_v2_x1_0 googlenet inception_v3 regnet_y_400mf convnext_tiny
vit_b_16 swin_t""".split()


def randomize(model):
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
        # the head of a transformer starts as zeros: nothing in front of it would show
        if isinstance(module, torch.nn.Linear) and not module.weight.any():
            torch.nn.init.normal_(module.weight, 0, 0.1)


def main(folder, names):
    for name in names or NAMES:
        path = os.path.join(folder, name + ".onnx")
        if os.path.exists(path):
            continue
        torch.manual_seed(0)
        extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = getattr(torchvision.models, name)(weights=None, **extra)
        randomize(model)
        model.eval()
        size = 299 if name == "inception_v3" else 224
        torch.onnx.export(model, torch.randn(1, 3, size, size), path, opset_version=17, input_names=["x"], output_names=["y"])
        print(name, os.path.getsize(path), flush=True)


main(sys.argv[1], sys.argv[2:])
