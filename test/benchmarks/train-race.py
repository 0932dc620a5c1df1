"""The other side of train-race.ts: PyTorch trains the same nets. Reads `net steps` lines, answers with CPU ms and wall ms per step."""
import resource
import sys
import time

import torch
from torch import nn

torch.ones(8, 8) @ torch.ones(8, 8)
with open("/proc/self/maps") as maps:
    libraries = maps.read()
    if not any(name in libraries for name in ("libopenblas", "mkl_", "blis")):
        sys.stderr.write("PyTorch runs on the reference BLAS, up to 15 times slower: install libopenblas0-pthread for a fair race\n")

torch.set_num_threads(int(sys.argv[1]))
BATCH = int(sys.argv[2])


def conv(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]


# the learning rate is so low that nothing converges: gradients that fade into denormal numbers are slow
NETS = {
    "mlp_fm": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    ),
    "cnn_fm": lambda: nn.Sequential(
        *conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), *conv(32, 64), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
    ),
}


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


made = {}
for line in sys.stdin:
    name, steps = line.split()
    if name not in made:
        net = NETS[name]()
        made[name] = (net, torch.optim.Adam(net.parameters(), lr=1e-6))
    net, optimizer = made[name]
    images = torch.randn(BATCH, 1, 28, 28)
    labels = torch.arange(BATCH) % 10
    start_cpu, start = cpu_ms(), time.perf_counter()
    for _ in range(int(steps)):
        loss = nn.functional.cross_entropy(net(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    wall = (time.perf_counter() - start) * 1000
    print((cpu_ms() - start_cpu) / int(steps), wall / int(steps), flush=True)
