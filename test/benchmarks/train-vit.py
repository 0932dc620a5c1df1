"""Trains the Vision Transformer of fixtures/models/vit_fm.onnx on Fashion-MNIST and exports it: `train-vit.py IDX_FOLDER vit_fm.onnx [EPOCHS]`.

Patches of 4, width 64, 4 layers, 4 heads, a class token, LayerNormalization before each block, GELU by erf. Needs torch and onnx.
"""
import gzip
import math
import os
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

FOLDER, OUTPUT = sys.argv[1], sys.argv[2]
EPOCHS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
BATCH, PEAK = 128, 1.5e-3


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(-1, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        shares = (q @ k.transpose(-2, -1) / math.sqrt(width // self.heads)).softmax(-1)
        return self.out((shares @ v).transpose(1, 2).reshape(-1, tokens, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, width=64, layers=4, heads=4, patch=4, size=28, classes=10):
        super().__init__()
        self.patches = nn.Conv2d(1, width, patch, stride=patch)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(0.02 * torch.randn(1, (size // patch) ** 2 + 1, width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
        return self.head(self.norm(self.blocks(x))[:, 0])


def read(part):
    def raw(kind, head):
        path = os.path.join(FOLDER, f"{part}-{kind}-ubyte")
        with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
            return np.frombuffer(file.read(), np.uint8, offset=head)

    images = torch.from_numpy(raw("images-idx3", 16).reshape(-1, 1, 28, 28).astype(np.float32))
    return (images / 255 - 0.286) / 0.353, torch.from_numpy(raw("labels-idx1", 8).astype(np.int64))


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in zip(images.split(500), labels.split(500)))
    net.train()
    return hits / len(labels)


torch.manual_seed(0)
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
images, labels = read("train")
test = read("t10k")
net = ViT()
groups = [
    {"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": 0.05},
    {"params": [p for p in net.parameters() if p.ndim <= 1], "weight_decay": 0},
]
optimizer = torch.optim.AdamW(groups, lr=PEAK)
steps = EPOCHS * (len(labels) // BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=steps, pct_start=0.15)
started = time.time()
for epoch in range(EPOCHS):
    order = torch.randperm(len(labels))
    for step in range(len(labels) // BATCH):
        rows = order[step * BATCH : (step + 1) * BATCH]
        x = images[rows]
        flipped = torch.rand(BATCH, 1, 1, 1) < 0.5
        loss = F.cross_entropy(net(torch.where(flipped, x.flip(3), x)), labels[rows], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(f"{epoch} {step} {loss.item():.3f} {time.time() - started:.0f} s", flush=True)
    print(f"epoch {epoch}: {accuracy(net, *test):.4f}", flush=True)
    torch.save(net.state_dict(), OUTPUT + ".pt")

net.eval()
torch.onnx.export(
    net,
    test[0][:2],
    OUTPUT,
    opset_version=17,
    input_names=["input"],
    output_names=["logits"],
    dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}},
)
os.remove(OUTPUT + ".pt")
