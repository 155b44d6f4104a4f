/** What the engine says while a run is on its way, in Chinese by its English template; see `reasons.zh.ts`. */
export const saidLinesZh: Readonly<Record<string, string>> = {
  'epoch {epoch} of {epochs}: training loss {a}, accuracy {b} %; validation loss {c}, accuracy {d} % (best so far)':
    '第 {epoch} / {epochs} 轮：训练损失 {a}，准确率 {b} %；验证损失 {c}，准确率 {d} %（目前最佳）',
  'epoch {epoch} of {epochs}: training loss {a}, accuracy {b} %; validation loss {c}, accuracy {d} %':
    '第 {epoch} / {epochs} 轮：训练损失 {a}，准确率 {b} %；验证损失 {c}，准确率 {d} %',
  'epoch {epoch} of {epochs}: training loss {a}, accuracy {b} % (best so far)':
    '第 {epoch} / {epochs} 轮：训练损失 {a}，准确率 {b} %（目前最佳）',
  'epoch {epoch} of {epochs}: training loss {a}, accuracy {b} %':
    '第 {epoch} / {epochs} 轮：训练损失 {a}，准确率 {b} %',
  '{classes} classes, {n} images to train on (expanded to {m}), {v} to validate (a tenth of the training part), {t} to test':
    '{classes} 个类别：训练 {n} 张（扩充为 {m} 张），验证 {v} 张（取自训练集的十分之一），测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate (a tenth of the training part), {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张（取自训练集的十分之一），测试 {t} 张',
  '{classes} classes, {n} images to train on (expanded to {m}), {v} to validate ({share} % of the training part), {t} to test':
    '{classes} 个类别：训练 {n} 张（扩充为 {m} 张），验证 {v} 张（取自训练集的 {share} %），测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate ({share} % of the training part), {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张（取自训练集的 {share} %），测试 {t} 张',
  '{classes} classes, {n} images to train on (expanded to {m}), {v} to validate (one or more of each class), {t} to test':
    '{classes} 个类别：训练 {n} 张（扩充为 {m} 张），验证 {v} 张（每类至少一张），测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate (one or more of each class), {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张（每类至少一张），测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate (too few pictures; the training loss chooses), {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张（图片太少，按训练损失选取权重），测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate (the training loss chooses), {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张（按训练损失选取权重），测试 {t} 张',
  '{classes} classes, {n} images to train on (expanded to {m}), {v} to validate, {t} to test':
    '{classes} 个类别：训练 {n} 张（扩充为 {m} 张），验证 {v} 张，测试 {t} 张',
  '{classes} classes, {n} images to train on, {v} to validate, {t} to test':
    '{classes} 个类别：训练 {n} 张，验证 {v} 张，测试 {t} 张',
  'goes on after update {update} (epoch {epoch} of {epochs})':
    '从第 {update} 次更新之后继续（第 {epoch} / {epochs} 轮）',
  'goes on after update {update} (all epochs are through)': '从第 {update} 次更新之后继续（各轮已全部完成）',
  "layer '{name}' makes all values alike in batches of one picture; take --batch 2 or more":
    '每批只有一张图片时，{name} 层的所有输出都相同；批大小请取 2 或更大',
  'has no checkpoint yet; it starts anew': '还没有检查点，从头开始',
  'ends after epoch {epoch}: the validation loss has not fallen for {count} epochs':
    '第 {epoch} 轮后结束：验证损失已连续 {count} 轮没有下降',
  'one of {count} images, by chance, is left out of each epoch: its last batch would be that one alone':
    '每轮随机略去 {count} 张图片中的一张：否则最后一批只有这一张',
  'run {member} of {members}': '第 {member} / {members} 个网络',
  "reads the folder '{folder}', which is all that '{path}' holds": '读取“{path}”中仅有的文件夹“{folder}”',
  'left out: {count} more': '另有 {count} 个文件未采用',
  'left out: {file}: {reason}': '未采用：{file}：{reason}',
};
