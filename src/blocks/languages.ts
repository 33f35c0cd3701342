import type { Parser, SyntaxNode } from '@lezer/common';
import { codeExtensions } from '../model/block.js';
import type { CodeExtension } from '../model/block.js';
import { RegenError } from '../model/errors.js';
import { cObjection, isCFault, isGoFault, isPythonFault, isScriptFault } from './hazards.js';
import { holding, javaObjection, pythonMended, pythonObjection } from './hazards.js';
import type { IsFault, Mended, Objection } from './hazards.js';
import { newerC, newerJava, newerPhp, newerPython, newerScript } from './newer-syntax.js';
import type { NewerSyntax } from './newer-syntax.js';

/** What a declaration is to us. `scope`: names what is in it, and is no block; `member`: only documentation is found for it. */
export type SymbolKind = 'function' | 'class' | 'scope' | 'member';

export interface Language {
  readonly load: () => Promise<Parser>;
  readonly symbols: Readonly<Record<string, SymbolKind>>;
  /** Nodes around a declaration that belong to it: `export`, decorators, attributes. */
  readonly wrappers?: readonly string[];
  /** Nodes that hold a declaration's name, the likeliest first. */
  readonly names: readonly string[];
  /** A name that isn't simply such a node. */
  readonly nameOf?: (node: SyntaxNode, text: string) => string | null;
  /** How documentation is written. */
  readonly docs: DocSyntax;
  /** What must not be written though it leaves the file's structure as it is. */
  readonly objection?: Objection;
  readonly mended?: Mended;
  /** What the grammar lets pass and the compiler doesn't. */
  readonly isFault?: IsFault;
  /** What the compiler knows and the grammar doesn't. */
  readonly newer?: NewerSyntax;
}

export interface DocSyntax {
  /** A literal that is the first statement of a body. */
  readonly isLiteral?: boolean;
  /** Line comments that document what follows, or, for `inner`, what they are in. */
  readonly line?: readonly string[];
  readonly inner?: readonly string[];
}

/** The language of a file, by its name's end. Throws `config` when none is known. */
export function languageOf(path: string): Language {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const known = codeExtensions.find((one) => one === extension);
  if (known !== undefined) return languages[known];
  throw new RegenError(
    'config',
    `${path} can't be cut into blocks by its code: no grammar for .${extension}`,
    {
      hint: `use a pattern, or one of .${codeExtensions.join(' .')}`,
    },
  );
}

const python: Language = {
  load: async () => (await import('@lezer/python')).parser,
  symbols: { FunctionDefinition: 'function', ClassDefinition: 'class' },
  wrappers: ['DecoratedStatement'],
  names: ['VariableName'],
  docs: { isLiteral: true },
  objection: pythonObjection,
  mended: pythonMended,
  isFault: isPythonFault,
  newer: newerPython,
};

function javascript(dialect: string): Language {
  return {
    load: async () => (await import('@lezer/javascript')).parser.configure({ dialect }),
    symbols: {
      FunctionDeclaration: 'function',
      MethodDeclaration: 'function',
      VariableDeclaration: 'member',
      ClassDeclaration: 'class',
      InterfaceDeclaration: 'class',
      EnumDeclaration: 'class',
      TypeAliasDeclaration: 'class',
      NamespaceDeclaration: 'scope',
      PropertyDeclaration: 'member',
      PropertyType: 'member',
      MethodType: 'member',
      Property: 'member',
    },
    wrappers: ['ExportDeclaration', 'AmbientDeclaration'],
    names: ['VariableDefinition', 'PropertyDefinition', 'PrivatePropertyDefinition', 'TypeDefinition'],
    docs: {},
    isFault: isScriptFault,
    newer: newerScript,
  };
}

const java: Language = {
  load: async () => (await import('@lezer/java')).parser,
  symbols: {
    MethodDeclaration: 'function',
    ConstructorDeclaration: 'function',
    ClassDeclaration: 'class',
    InterfaceDeclaration: 'class',
    EnumDeclaration: 'class',
    RecordDeclaration: 'class',
    AnnotationTypeDeclaration: 'class',
    FieldDeclaration: 'member',
    EnumConstant: 'member',
  },
  names: ['Definition'],
  docs: {},
  objection: javaObjection,
  newer: newerJava,
};

const go: Language = {
  load: async () => (await import('@lezer/go')).parser,
  symbols: {
    FunctionDecl: 'function',
    MethodDecl: 'function',
    TypeDecl: 'class',
    VarDecl: 'member',
    ConstDecl: 'member',
    FieldDecl: 'member',
    PackageClause: 'member',
  },
  names: ['DefName', 'FieldName'],
  nameOf: (node, text) => {
    if (node.name !== 'MethodDecl') return null;
    const receiver = /(\w+)(?:\[[^\]]*\])?\s*\)$/.exec(textOf(node.getChild('Parameters'), text))?.[1];
    return `${receiver ?? ''}.${textOf(node.getChild('FieldName'), text)}`;
  },
  docs: { line: ['//'] },
  objection: holding(/\uFEFF/, 'Go'),
  isFault: isGoFault,
};

const rust: Language = {
  load: async () => (await import('@lezer/rust')).parser,
  symbols: {
    FunctionItem: 'function',
    StructItem: 'class',
    EnumItem: 'class',
    UnionItem: 'class',
    TraitItem: 'class',
    ImplItem: 'class',
    ModItem: 'scope',
    ConstItem: 'member',
    StaticItem: 'member',
    TypeItem: 'member',
    MacroDefinition: 'member',
    FieldDeclaration: 'member',
    EnumVariant: 'member',
  },
  wrappers: ['AttributeItem'],
  names: ['BoundIdentifier', 'FieldIdentifier', 'TypeIdentifier', 'Identifier'],
  nameOf: (node, text) => {
    if (node.name !== 'ImplItem') return null;
    const types = [...node.getChildren('TypeIdentifier'), ...node.getChildren('GenericType')];
    const last = types.sort((a, b) => a.from - b.from).at(-1) ?? null;
    return textOf(last, text).replace(/<[^]*/, '') || 'impl';
  },
  docs: { line: ['///'], inner: ['//!'] },
  // They show a text in another order than it is read in.
  objection: holding(/[\u202A-\u202E\u2066-\u2069]/, 'Rust'),
};

const cpp: Language = {
  load: async () => (await import('@lezer/cpp')).parser,
  symbols: {
    FunctionDefinition: 'function',
    ClassSpecifier: 'class',
    StructSpecifier: 'class',
    UnionSpecifier: 'class',
    EnumSpecifier: 'class',
    NamespaceDefinition: 'scope',
    FieldDeclaration: 'member',
    Declaration: 'member',
  },
  wrappers: ['TemplateDeclaration'],
  names: [
    'ScopedIdentifier',
    'FieldIdentifier',
    'Identifier',
    'DestructorName',
    'OperatorName',
    'TypeIdentifier',
  ],
  docs: { line: ['///', '//!'] },
  objection: cObjection,
  isFault: isCFault,
  newer: newerC,
};

const php: Language = {
  load: async () => (await import('@lezer/php')).parser,
  symbols: {
    FunctionDefinition: 'function',
    MethodDeclaration: 'function',
    ClassDeclaration: 'class',
    InterfaceDeclaration: 'class',
    TraitDeclaration: 'class',
    EnumDeclaration: 'class',
    PropertyDeclaration: 'member',
    ConstDeclaration: 'member',
  },
  names: ['Name', 'VariableName'],
  docs: {},
  newer: newerPhp,
};

const languages: Readonly<Record<CodeExtension, Language>> = {
  py: python,
  pyi: python,
  ts: javascript('ts'),
  mts: javascript('ts'),
  cts: javascript('ts'),
  tsx: javascript('ts jsx'),
  js: javascript('jsx'),
  mjs: javascript('jsx'),
  cjs: javascript('jsx'),
  jsx: javascript('jsx'),
  java,
  go,
  rs: rust,
  c: cpp,
  h: cpp,
  cc: cpp,
  cpp,
  cxx: cpp,
  hpp: cpp,
  php,
};

function textOf(node: SyntaxNode | null, text: string): string {
  return node === null ? '' : text.slice(node.from, node.to);
}
