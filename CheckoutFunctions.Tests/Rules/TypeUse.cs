using System.Reflection;
using System.Reflection.Emit;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>A type of one folder that uses a type of another: in a signature or inside a method, where no <c>using</c> shows it.</summary>
internal sealed record TypeUse(Type User, string From, Type Used, string To)
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>All uses between different folders, where a folder is the namespace's part after <paramref name="top"/>.</summary>
    public static IReadOnlyList<TypeUse> Between(Assembly assembly, string top, IEnumerable<string> folders)
    {
        var byNamespace = folders.ToDictionary(folder => folder.Length == 0 ? top : $"{top}.{folder}", folder => folder);
        string? FolderOf(Type type) => type.Assembly == assembly && type.Namespace is { } space ? byNamespace.GetValueOrDefault(space) : null;

        return [.. from user in assembly.GetTypes()
                   let @from = FolderOf(user)
                   where @from is not null
                   from used in UsedBy(user).SelectMany(Parts).Distinct()
                   let to = FolderOf(used)
                   where to is not null && to != @from
                   select new TypeUse(user, @from, used, to)];
    }

    public override string ToString() => $"{User.FullName} ({From}/) uses {Used.FullName} of {To}/.";

    private static IEnumerable<Type> UsedBy(Type type) =>
    [
        .. type.GetInterfaces(),
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetFields(All).Select(field => field.FieldType),
        .. type.GetMethods(All).SelectMany(method => InMethod(method).Append(method.ReturnType)),
        .. type.GetConstructors(All).SelectMany(InMethod),
    ];

    private static IEnumerable<Type> InMethod(MethodBase method) =>
    [
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody() is { } body ? [.. body.LocalVariables.Select(local => local.LocalType), .. InCode(method, body)] : Type.EmptyTypes,
    ];

    private static IEnumerable<Type> InCode(MethodBase method, MethodBody body)
    {
        var code = body.GetILAsByteArray()!;
        for (var i = 0; i < code.Length;)
        {
            var opcode = OpCodes[code[i] == 0xFE ? 0xFE00 | code[i + 1] : code[i]];
            i += opcode.Size;
            if (opcode.OperandType is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                foreach (var type in OfMember(Resolve(method, BitConverter.ToInt32(code, i))))
                    yield return type;
            }

            i += opcode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static IEnumerable<Type> OfMember(MemberInfo? member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo called => [called.DeclaringType!, called.ReturnType, .. called.IsGenericMethod ? called.GetGenericArguments() : []],
        MethodBase constructor => [constructor.DeclaringType!],
        _ => [],
    };

    /// <summary>A <c>Task&lt;List&lt;T&gt;&gt;</c> uses a T.</summary>
    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
