using System.Security.Cryptography;

namespace LocalHost.Engine;

/// <summary>Instance ids for those who name none: 32 hex digits.</summary>
internal static class InstanceIds
{
    public static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
