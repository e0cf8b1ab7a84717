using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Domain;

public sealed class SecretsTests
{
    [Fact]
    public void An_id_is_128_random_bits_behind_its_prefix()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Secrets.NewId("chk_")).ToList();

        Assert.All(ids, id => Assert.Matches("^chk_[0-9a-f]{32}$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void A_secret_matches_its_own_hash_only()
    {
        var secret = Secrets.Derive("key", Secrets.NewSalt());

        Assert.True(Secrets.Matches(secret, Secrets.Hash(secret)));
        Assert.False(Secrets.Matches(secret + "0", Secrets.Hash(secret)));
        Assert.False(Secrets.Matches("", Secrets.Hash(secret)));
        Assert.False(Secrets.Matches(secret, ""));
        Assert.False(Secrets.Matches(secret, secret));
    }

    [Fact]
    public void The_same_key_and_salt_give_the_same_secret_and_another_of_either_another()
    {
        var salt = Secrets.NewSalt();

        Assert.Equal(Secrets.Derive("key", salt), Secrets.Derive("key", salt));
        Assert.NotEqual(Secrets.Derive("key", salt), Secrets.Derive("other", salt));
        Assert.NotEqual(Secrets.Derive("key", salt), Secrets.Derive("key", Secrets.NewSalt()));
    }

    [Fact]
    public void A_hash_does_not_show_what_was_hashed() => Assert.DoesNotContain("secret", Secrets.Hash("secret"), StringComparison.OrdinalIgnoreCase);

    /// <summary>FIPS 180-2's own example: what is stored today must match tomorrow.</summary>
    [Fact]
    public void The_hash_is_SHA_256() => Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Secrets.Hash("abc"));
}
