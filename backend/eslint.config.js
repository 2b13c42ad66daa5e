import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'src/modules/ml-integration/interfaces/generated'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'off', // Nest reads the types of constructor parameters at run time
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // Nest types its plain options as classes
      'no-console': 'error',
    },
  },
);
