"""The other side of train-race.ts: PyTorch trains one net. Reads numbers of steps, answers each with CPU ms and wall ms per step; `memory` with MB."""
import os
import resource
import sys
import time

NAME, THREADS, BATCH = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# OpenBLAS counts its threads itself
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.ones(8, 8) @ torch.ones(8, 8)
with open("/proc/self/maps") as maps:
    libraries = maps.read()
    if not any(name in libraries for name in ("libopenblas", "mkl_", "blis")):
        sys.stderr.write("PyTorch runs on the reference BLAS, up to 15 times slower: install libopenblas0-pthread for a fair race\n")

torch.set_num_threads(THREADS)


def conv(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]


def conv_bn(inputs, outputs, kernel, stride=1, groups=1):
    pad = kernel // 2
    return [nn.Conv2d(inputs, outputs, kernel, stride, pad, groups=groups, bias=False), nn.BatchNorm2d(outputs)]


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.main = nn.Sequential(*conv_bn(inputs, outputs, 3, stride), nn.ReLU(), *conv_bn(outputs, outputs, 3))
        same = inputs == outputs and stride == 1
        self.side = nn.Identity() if same else nn.Sequential(*conv_bn(inputs, outputs, 1, stride))

    def forward(self, x):
        return F.relu(self.main(x) + self.side(x))


class Inverted(nn.Module):
    def __init__(self, inputs, inner, outputs, stride):
        super().__init__()
        self.same = inputs == outputs and stride == 1
        wide = [*conv_bn(inputs, inner, 1), nn.ReLU6(), *conv_bn(inner, inner, 3, stride, inner), nn.ReLU6()]
        self.main = nn.Sequential(*wide, *conv_bn(inner, outputs, 1))

    def forward(self, x):
        return x + self.main(x) if self.same else self.main(x)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(6000, 64)
        self.lstm = nn.LSTM(64, 96, bidirectional=True, batch_first=True)
        self.head = nn.Linear(192, 2)

    def forward(self, ids):
        return self.head(self.lstm(self.embedding(ids))[0].amax(1))


class Encoder(nn.Module):
    def __init__(self, width=64, heads=4):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.n1, self.n2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.f1, self.f2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        n, t, width = x.shape
        q, k, v = (f(x).view(n, t, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        scores = q @ k.transpose(-1, -2) / (width // self.heads) ** 0.5 + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width)
        x = self.n1(x + self.o(mixed))
        return self.n2(x + self.f2(F.gelu(self.f1(x))))


class Bert(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.words, self.places, self.norm = nn.Embedding(6000, width), nn.Embedding(64, width), nn.LayerNorm(width)
        self.layers = nn.ModuleList(Encoder(width) for _ in range(3))
        self.pool, self.head = nn.Linear(width, width), nn.Linear(width, 2)

    def forward(self, ids, mask):
        x = self.norm(self.words(ids) + self.places(torch.arange(ids.shape[1])))
        mask = ((1 - mask.float()) * -10000)[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(torch.tanh(self.pool(x[:, 0])))


NETS = {
    "mlp_fm": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    ),
    "cnn_fm": lambda: nn.Sequential(
        *conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), *conv(32, 64), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
    ),
    "resnet8_fm_bn": lambda: nn.Sequential(
        *conv_bn(1, 16, 3), nn.ReLU(), Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    ),
    "mobile_fm_bn": lambda: nn.Sequential(
        *conv_bn(1, 16, 3), nn.ReLU(), Inverted(16, 64, 24, 2), Inverted(24, 96, 24, 1), Inverted(24, 96, 40, 2),
        Inverted(40, 160, 40, 1), Inverted(40, 160, 40, 1), *conv_bn(40, 160, 1), nn.ReLU6(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(160, 10),
    ),
    "lstm_spam": Lstm,
    "bert_spam": Bert,
}


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def memory_mb(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


def inputs():
    if not NAME.endswith("_spam"):
        return [torch.randn(BATCH, 1, 28, 28)]
    ids = torch.randint(0, 6000, (BATCH, 64))
    return [ids, torch.ones(BATCH, 64, dtype=torch.int64)] if NAME == "bert_spam" else [ids]


before = memory_mb("VmRSS")
net = NETS[NAME]()
# the learning rate is so low that nothing converges: gradients that fade into denormal numbers are slow
optimizer = torch.optim.Adam(net.parameters(), lr=1e-6)
feeds = inputs()
labels = torch.arange(BATCH) % (2 if NAME.endswith("_spam") else 10)
print(sum(parameter.numel() for parameter in net.parameters()), flush=True)
for line in sys.stdin:
    if line.strip() == "memory":
        print(memory_mb("VmHWM") - before, flush=True)
        continue
    steps = int(line)
    start_cpu, start = cpu_ms(), time.perf_counter()
    for _ in range(steps):
        loss = F.cross_entropy(net(*feeds), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    wall = (time.perf_counter() - start) * 1000
    print((cpu_ms() - start_cpu) / steps, wall / steps, flush=True)
