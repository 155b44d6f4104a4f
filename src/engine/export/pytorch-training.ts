/**
 * The part of a PyTorch script that trains on as `convscope train` does, behind `trainingInPython`: loss, optimizer, steps, with torchrun
 * on any number of processes (docs/training.md).
 */
export const PYTORCH_TRAINING = `

def losses(logits, targets, weights):
    """Of each picture, times its class's weight."""
    kind = SETTINGS["loss"]
    if kind == "cross-entropy":
        each = F.cross_entropy(logits, targets, reduction="none", label_smoothing=SETTINGS["smoothing"])
    elif kind == "focal":
        log_p = F.log_softmax(logits, dim=1).gather(1, targets[:, None])[:, 0]
        each = -((1 - log_p.exp()) ** SETTINGS["gamma"]) * log_p
    elif kind == "mse":
        each = 0.5 * ((logits.softmax(dim=1) - F.one_hot(targets, len(LABELS))) ** 2).sum(dim=1)
    else:  # hinge; the right class itself counts as 1
        each = (1 + logits - logits.gather(1, targets[:, None])).clamp(min=0).sum(dim=1) - 1
    return each if weights is None else each * weights[targets]


def optimizer_of(network):
    o = SETTINGS["optimizer"]
    named = list(network.named_parameters())
    groups = [
        {"params": [p for name, p in named if name in DECAYS], "weight_decay": o["weightDecay"]},
        {"params": [p for name, p in named if name not in DECAYS], "weight_decay": 0.0},
    ]
    groups, kind, lr = [group for group in groups if group["params"]], o["kind"], SETTINGS["lr"]
    betas = (o["beta1"], o["beta2"])
    if kind in ("adam", "adamw"):
        return (torch.optim.AdamW if kind == "adamw" else torch.optim.Adam)(groups, lr, betas, o["epsilon"])
    if kind == "rmsprop":
        return torch.optim.RMSprop(groups, lr, alpha=o["rho"], eps=o["epsilon"])
    if kind == "adagrad":
        return torch.optim.Adagrad(groups, lr, eps=o["epsilon"])
    momentum = 0.0 if kind == "sgd" else o["momentum"]
    return torch.optim.SGD(groups, lr, momentum=momentum, nesterov=kind == "nesterov")


def norms_of(network):
    return [module for module in network.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]


def watch_variances(network):
    def before(module, inputs):
        module.before, module.count = module.running_var.clone(), inputs[0].numel() // inputs[0].shape[1]

    for module in norms_of(network):
        module.register_forward_pre_hook(before)


def keep_biased_variances(network):
    """Batch norm keeps the running variance of the batch divided by its count, as Convscope does; PyTorch divides by count - 1."""
    for module in norms_of(network):
        old = (1 - module.momentum) * module.before
        module.running_var.copy_(old + (module.running_var - old) * (module.count - 1) / module.count)


class Logits(nn.Module):
    """The network up to what the loss takes."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network.logits(x).flatten(1)


def step(model, optimizer, x, targets, update, steps, others=None, share=None, weights=None):
    """One update on what the network takes, [N, C, H, W]. Returns the mean loss."""
    for group in optimizer.param_groups:
        group["lr"] = rate_of(update, steps)
        if SETTINGS["optimizer"]["kind"] in ("adam", "adamw"):
            # Convscope adds epsilon before the bias correction, PyTorch after it.
            group["eps"] = SETTINGS["optimizer"]["epsilon"] / math.sqrt(1 - SETTINGS["optimizer"]["beta2"] ** (update + 1))
    logits = model(x)
    each = losses(logits, targets, weights)
    if share is not None:
        each = share * each + (1 - share) * losses(logits, others, weights)
    loss = each.mean()
    optimizer.zero_grad()
    loss.backward()
    if SETTINGS["optimizer"]["clipNorm"] > 0:
        nn.utils.clip_grad_norm_(model.parameters(), SETTINGS["optimizer"]["clipNorm"])
    optimizer.step()
    keep_biased_variances(model)
    return loss.item()


def train(folder, validation=None, out="trained.safetensors", workers=2):
    """Trains on from the weights beside this file; the best epoch's weights go to \`out\`, by Convscope's names."""
    ranks, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    if ranks > 1:
        dist.init_process_group("nccl" if cuda else "gloo")
    torch.manual_seed(SETTINGS["seed"] + rank)
    draws = np.random.default_rng([SETTINGS["seed"], rank])
    network = load().to(device)
    if ranks > 1 and cuda:
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
    watch_variances(network)
    model = Logits(network)
    if ranks > 1:
        model = nn.parallel.DistributedDataParallel(model, device_ids=[device.index] if cuda else None)
    optimizer = optimizer_of(network)
    pictures = Pictures(folder, SETTINGS["expand"])
    held_out = None if validation is None else Pictures(validation)
    # The batch of the settings is that of all processes together.
    share_of_batch = max(1, SETTINGS["batch"] // ranks)
    sampler = DistributedSampler(pictures, ranks, rank, seed=SETTINGS["seed"])
    # Batch norm has no variance of a single picture.
    alone = len(sampler) % share_of_batch == 1 and share_of_batch > 1 and len(sampler) > 1
    loader = DataLoader(pictures, share_of_batch, sampler=sampler, num_workers=workers, drop_last=alone, collate_fn=batch_of)
    weights = torch.from_numpy(pictures.weights()).to(device)
    update, best, best_epoch = 0, math.inf, 0
    for epoch in range(SETTINGS["epochs"]):
        network.train()
        sampler.set_epoch(epoch)
        total = 0.0
        for x, targets in loader:
            x, others, share = varied(x, targets, draws)
            targets, others, share = (torch.from_numpy(each).to(device) for each in (targets, others, share))
            total += step(model, optimizer, ready(x, device), targets, update, len(loader), others, share, weights)
            update += 1
        loss, told = total / len(loader), ""
        if held_out is not None:
            loss, accuracy = evaluate(network, held_out, device, weights)
            told = f", validation loss {loss:.4f}, accuracy {accuracy:.4f}"
        if ranks > 1:
            mean = torch.tensor([loss], device=device)
            dist.all_reduce(mean)
            loss = mean.item() / ranks
        if rank == 0:
            print(f"epoch {epoch + 1}: loss {total / len(loader):.4f}{told}", flush=True)
        if loss < best:
            best, best_epoch = loss, epoch
            if rank == 0:
                save(network, out)
        if SETTINGS["patience"] and epoch - best_epoch >= SETTINGS["patience"]:
            break
    if ranks > 1:
        dist.destroy_process_group()


def batch_of(samples):
    return np.stack([pixels for pixels, _ in samples]), np.array([label for _, label in samples])


def ready(x, device):
    """[N, H, W, C] of 0 to 255 as the network takes it."""
    return torch.from_numpy(normalized(x).transpose(0, 3, 1, 2).copy()).to(device)


def evaluate(network, pictures, device, weights=None):
    """Mean loss and accuracy."""
    network.eval()
    loss = right = 0.0
    with torch.no_grad():
        for x, targets in DataLoader(pictures, 256, collate_fn=batch_of):
            targets = torch.from_numpy(targets).to(device)
            logits = network.logits(ready(x, device)).flatten(1)
            loss += losses(logits, targets, weights).sum().item()
            right += (logits.argmax(dim=1) == targets).sum().item()
    return loss / len(pictures), right / len(pictures)


def save(network, file):
    """The weights by Convscope's names, as load() reads them."""
    state = network.state_dict()
    save_file({name: state[own].contiguous() for name, own in WEIGHTS.items()}, str(file))
`;
