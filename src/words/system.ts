import type { Entries } from './message';

/** What the operating system says, by its error code, and words of libraries that are quoted as they are. */
export const systemWords = {
  'system.EACCES': { en: 'permission denied', zh: '没有权限' },
  'system.EPERM': { en: 'operation not permitted', zh: '不允许此操作' },
  'system.ENOSPC': { en: 'no space left on device', zh: '磁盘空间不足' },
  'system.EROFS': { en: 'read-only file system', zh: '文件系统为只读' },
  'system.EMFILE': { en: 'too many open files', zh: '打开的文件过多' },
  'system.ENAMETOOLONG': { en: 'file name too long', zh: '文件名过长' },
  'system.ENOENT': { en: 'no such file or directory', zh: '没有此文件或文件夹' },
  'system.ENOTDIR': { en: 'not a directory', zh: '不是文件夹' },
  'system.EISDIR': { en: 'illegal operation on a directory', zh: '不能对文件夹进行此操作' },
  'system.EIO': { en: 'i/o error', zh: '读写错误' },
  'system.EEXIST': { en: 'file already exists', zh: '文件已存在' },
  'system.EBUSY': { en: 'resource busy or locked', zh: '资源正被占用' },
  'system.ELOOP': { en: 'too many symbolic links', zh: '符号链接层数过多' },
  'system.NotFoundError': { en: 'it is no longer where it was', zh: '已不在原处' },
  'system.NotReadableError': {
    en: 'it cannot be read: it has changed, or permission is missing',
    zh: '无法读取：内容有变动，或没有权限',
  },
  'system.memory': { en: 'not enough memory', zh: '内存不足' },
  'system.about': { en: '{name}: {reason}', zh: '{name}：{reason}' },
  // Texts that are not translated: a library's own, or an internal error.
  'system.quoted': { en: '{text}', zh: '原文“{text}”' },
} as const satisfies Entries;
